import type { LiveEventName } from '../api/api.ts';

/** An open connection of a page. */
export interface Viewer {
  /**
   * False when it does not keep up: then its connection is ended, and the page connects again and reads everything
   * anew.
   */
  send(text: string): boolean;
  end(): void;
}

/** Sends events to every open page. */
export interface LiveHub {
  /** True when no more viewers may join. */
  readonly isFull: boolean;
  /** Returns the function that leaves again. */
  join(viewer: Viewer): () => void;
  tell(event: LiveEventName, data: unknown): void;
  /** Ends every connection. */
  close(): void;
}

const most = 100;
const heartbeatMs = 15_000;

/** `onCrowd` is called when the first viewer comes and when the last has gone: without viewers nothing is read. */
export function createHub(server: string, onCrowd: (hasViewers: boolean) => void): LiveHub {
  const viewers = new Set<Viewer>();
  let heartbeat: NodeJS.Timeout | undefined;
  const leave = (viewer: Viewer): void => {
    if (!viewers.delete(viewer) || viewers.size > 0) return;
    clearInterval(heartbeat);
    onCrowd(false);
  };
  const sendAll = (text: string): void => {
    for (const viewer of viewers) {
      if (viewer.send(text)) continue;
      leave(viewer);
      viewer.end();
    }
  };
  return {
    join(viewer) {
      viewers.add(viewer);
      viewer.send(`retry: 1000\n${eventText('hello', { server })}`);
      if (viewers.size === 1) {
        heartbeat = setInterval(() => sendAll(':\n\n'), heartbeatMs);
        onCrowd(true);
      }
      return () => leave(viewer);
    },
    tell: (event, data) => sendAll(eventText(event, data)),
    get isFull() {
      return viewers.size >= most;
    },
    close() {
      for (const viewer of viewers) {
        leave(viewer);
        viewer.end();
      }
    },
  };
}

/** JSON has no line ends of its own, so that one event is one line of data. */
const eventText = (event: LiveEventName, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
