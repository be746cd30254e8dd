/** Where a destination's key and address come from. */
export interface Site {
  /** What the destination is called. */
  label: string;
  /** The first that is set counts, as with addresses. */
  keyVariables: readonly [string, ...string[]];
  urlVariables: readonly string[];
  defaultUrl: string;
  /** Profiles of the destination's own command may hold both. */
  hasProfiles: boolean;
}

export type TargetName = 'respan' | 'adaline';

export const sites: Readonly<Record<TargetName, Site>> = {
  respan: {
    label: 'Respan',
    keyVariables: ['RESPAN_API_KEY', 'KEYWORDSAI_API_KEY'],
    urlVariables: ['RESPAN_BASE_URL', 'RESPAN_API_BASE_URL'],
    defaultUrl: 'https://api.respan.ai',
    hasProfiles: true,
  },
  adaline: {
    label: 'Adaline',
    keyVariables: ['ADALINE_API_KEY'],
    urlVariables: ['ADALINE_API_URL'],
    defaultUrl: 'https://api.adaline.ai',
    hasProfiles: false,
  },
};
