// Server-sent events: what happens elsewhere. The browser comes back by itself and names the last event it saw.

/** Calls `handlers[kind](data)` for each event. */
export function watch(url, handlers) {
  const source = new EventSource(url);
  for (const [kind, handle] of Object.entries(handlers)) {
    source.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
  }
  for (const kind of ["file.received", "file.judged", "file.failed"]) {
    source.addEventListener(kind, (event) => {
      document.dispatchEvent(new CustomEvent("juanzong:file", { detail: { kind, ...JSON.parse(event.data) } }));
    });
  }
  addEventListener("pagehide", () => source.close());
  return source;
}
