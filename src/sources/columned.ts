import type { SpanDraft } from '../span/span.js';
import type { WorkedOut } from './column-plan.js';
import type { Column, Columns } from './columns.js';
import { addTo } from './otel/attributes.js';

/** Takes columns by meaning; those of which nothing is said otherwise end up in the metadata. */
export class Columned {
  readonly draft: SpanDraft;

  constructor(private readonly columns: Columns) {
    this.draft = { fields: {}, metadata: {}, sourceNames: columns.plan.sourceNames };
  }

  take(meaning: WorkedOut): Column | undefined {
    const position = this.columns.plan.workedOut[meaning];
    return position === undefined ? undefined : this.at(position);
  }

  at(position: number): Column {
    const { names, values } = this.columns;
    return { name: names[position] ?? '', value: values[position] };
  }

  /** A name that the row's own metadata has taken gets a number. */
  keep(column: Column): void {
    addTo(this.draft.metadata, column.name, column.value);
  }

  set(field: string, value: unknown): void {
    this.draft.fields[field] = value;
  }
}
