import { EventSourceParserStream } from 'eventsource-parser/stream';
import { pageLang, problemError } from '@/lib/api/client';
import type { EventBody } from '@/lib/api/queries';

/** Signals of the stream besides events: events were skipped, or Redis went away or came back. */
export type StreamSignal = 'open' | 'reset' | 'degraded' | 'recovered';

export type StreamHandlers = {
  onEvent: (event: EventBody) => void;
  onSignal: (signal: StreamSignal) => void;
  /** Something came, a keep-alive among it. */
  onSign: () => void;
  /** The event id to resume from after a break. */
  onId: (id: string) => void;
};

const SIGNALS: ReadonlySet<string> = new Set(['reset', 'degraded', 'recovered']);
// The API begins with a comment and sends one each 15 s; a connection that is silent for longer is dead.
const FIRST_BYTE_MS = 5_000;
const SILENCE_MS = 40_000;

/** Follow events until the connection ends or `stop` aborts it; rejects if it cannot be opened. */
export async function followEvents(
  lastId: string | null,
  handlers: StreamHandlers,
  stop: AbortSignal,
): Promise<void> {
  const silence = new AbortController();
  let watch = setTimeout(() => silence.abort(), FIRST_BYTE_MS);
  const onData = () => {
    clearTimeout(watch);
    watch = setTimeout(() => silence.abort(), SILENCE_MS);
    handlers.onSign();
  };
  try {
    const response = await fetch('/api/events/stream', {
      headers: { accept: 'text/event-stream', 'accept-language': pageLang(), ...(lastId ? { 'last-event-id': lastId } : {}) },
      cache: 'no-store',
      signal: AbortSignal.any([stop, silence.signal]),
    });
    if (!response.ok || !response.body) throw problemError(response, await response.json().catch(() => null));
    handlers.onSignal('open');
    const messages = response.body
      .pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ transform: (chunk, out) => (onData(), out.enqueue(chunk)) }))
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .pipeThrough(new EventSourceParserStream());
    const reader = messages.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (value.id) handlers.onId(value.id);
      if (value.event && SIGNALS.has(value.event)) handlers.onSignal(value.event as StreamSignal);
      else if (value.data) handlers.onEvent(JSON.parse(value.data) as EventBody);
    }
  } finally {
    clearTimeout(watch);
  }
}
