/** @typedef {import('./sketch.js').Sketch} Sketch */

const tools = ['web_search', 'read_file', 'run_sql', 'calculator', 'fetch_page', 'send_mail'];
const agents = ['planner', 'researcher', 'writer', 'reviewer', 'critic', 'translator'];

/**
 * One agent after another, each in turns of a model call and the tools that it asked for.
 *
 * @param {Sketch} sketch
 */
export function sequentialAgents(sketch) {
  sketch.step('crew.kickoff', 'workflow', () => {
    sketch.times(2, 4, () => {
      sketch.step(`${sketch.random.pick(agents)}.agent`, 'agent', () => agentTurns(sketch));
    });
  });
}

/** @param {Sketch} sketch */
function agentTurns(sketch) {
  sketch.times(1, 4, () => {
    sketch.model('openai.chat');
    sketch.overhead();
    sketch.times(0, 2, () => toolCall(sketch));
  });
  sketch.model('openai.chat');
}

/** @param {Sketch} sketch */
function toolCall(sketch) {
  const name = sketch.random.pick(tools);
  sketch.step(`${name}.tool`, 'tool', () => {
    if (sketch.random.chance(0.6)) sketch.request(`GET ${name}`);
    else sketch.wait(sketch.about(4_000, 1));
  });
}

/**
 * Turns in which two to six tools run at once, each with requests of its own: a request often lies within several tools.
 *
 * @param {Sketch} sketch
 */
export function parallelTools(sketch) {
  sketch.step('assistant.agent', 'agent', () => {
    sketch.times(1, 4, (turn) => {
      sketch.step(`turn ${turn}`, 'task', () => {
        sketch.model('openai.chat');
        const calls = Array.from({ length: sketch.random.integer(2, 6) }, () => () => toolCall(sketch));
        sketch.parallel(calls);
      });
    });
    sketch.model('openai.chat');
  });
}

/**
 * A document cut into parts, which a few workers summarise at once, and a summary of the summaries.
 *
 * @param {Sketch} sketch
 */
export function mapReduce(sketch) {
  sketch.step('summarize_document', 'workflow', () => {
    sketch.leaf('split', 'task', sketch.about(20_000, 0.8));
    sketch.overhead();
    sketch.step('map', 'task', () => {
      const part = () => {
        sketch.step('map_part', 'task', () => {
          sketch.leaf('render_prompt', 'task', sketch.about(300, 0.5));
          sketch.model('anthropic.messages');
          sketch.overhead();
          sketch.leaf('parse_output', 'task', sketch.about(500, 0.5));
        });
      };
      const parts = sketch.random.integer(5, 24);
      sketch.parallel(
        Array.from({ length: parts }, () => part),
        sketch.random.integer(2, 8),
      );
    });
    sketch.step('reduce', 'task', () => sketch.model('anthropic.messages'));
  });
}

/**
 * Steps that are tried again, with longer and longer pauses; what is tried may itself try again.
 *
 * @param {Sketch} sketch
 */
export function nestedRetries(sketch) {
  const retried = (/** @type {string} */ name, /** @type {() => void} */ body) => {
    sketch.step(name, 'task', () => {
      const tries = sketch.random.pick([1, 1, 1, 2, 3]);
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        if (attempt > 1) sketch.wait(sketch.about(250_000 * 2 ** attempt, 0.2));
        sketch.step(`${name} attempt ${attempt}`, 'task', body);
      }
    });
  };
  sketch.step('extract_invoice', 'workflow', () => {
    sketch.times(2, 4, () => {
      retried('extract_fields', () => {
        retried('call_model', () => sketch.leaf('POST /v1/messages', 'chat', sketch.about(1_200_000, 0.8)));
        sketch.leaf('validate', 'task', sketch.about(800, 0.7));
      });
    });
  });
}

/**
 * Answers are read while they are written: the span of a step ends when the stream is handed on, that of the model when
 * it is read to the end, and tools start before it is.
 *
 * @param {Sketch} sketch
 */
export function streamingOverlaps(sketch) {
  sketch.step('chat_session', 'workflow', () => {
    sketch.times(2, 5, () => {
      const rest = sketch.about(900_000, 0.6);
      sketch.step('stream_answer', 'task', () => {
        const model = sketch.model('openai.chat.stream');
        // The caller has its first token, and goes on reading after the step.
        model.end += rest;
      });
      if (sketch.random.chance(0.6)) toolCall(sketch);
      sketch.wait(rest);
    });
  });
}

/**
 * A session with several turns and no span around them; now and then something goes on in the background.
 *
 * @param {Sketch} sketch
 */
export function severalRoots(sketch) {
  sketch.times(2, 5, () => {
    const began = sketch.now;
    sketch.step('handle_message', 'workflow', () => agentTurns(sketch));
    const answered = sketch.now;
    if (sketch.random.chance(0.4)) {
      sketch.now = began + Math.floor((answered - began) * 0.8);
      sketch.step('update_memory', 'workflow', () => sketch.model('openai.embeddings'));
    }
    sketch.now = Math.max(sketch.now, answered) + sketch.about(8_000_000, 1);
  });
}

/**
 * Marks that take no time (a guardrail that passed, a handed-over message) between and at the edges of other spans.
 *
 * @param {Sketch} sketch
 */
export function instantEvents(sketch) {
  const event = () => sketch.leaf(sketch.random.pick(['guardrail.passed', 'message.sent']), 'task', 0);
  sketch.step('support.agent', 'agent', () => {
    sketch.times(2, 4, () => {
      event();
      sketch.step('answer', 'task', () => {
        event();
        sketch.model('openai.chat');
        if (sketch.random.chance(0.5)) event();
        toolCall(sketch);
      });
      if (sketch.random.chance(0.5)) event();
      sketch.overhead();
    });
  });
}

/**
 * An agent that calls services, each of which records its own half of a call; names begin with the service and a colon.
 *
 * @param {Sketch} sketch
 */
export function serviceCalls(sketch) {
  const call = (
    /** @type {string} */ caller,
    /** @type {string} */ service,
    /** @type {() => void} */ body,
  ) => {
    sketch.step(`${caller}: POST ${service}`, 'task', () => {
      sketch.wait(sketch.about(400, 0.6));
      sketch.step(`${service}: handle`, 'task', body);
      sketch.wait(sketch.about(400, 0.6));
    });
  };
  sketch.step('gateway: handle', 'workflow', () => {
    sketch.times(1, 3, () => {
      call('gateway', 'orchestrator', () => {
        call('orchestrator', 'retriever', () =>
          sketch.leaf('retriever: query', 'task', sketch.about(15_000, 0.8)),
        );
        call('orchestrator', 'model-proxy', () => sketch.model('model-proxy: chat'));
      });
    });
  });
}
