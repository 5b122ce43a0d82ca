"use strict";
// Buttons that copy. Without this script they stay hidden; everything else works without it.
for (const place of document.querySelectorAll("[data-copyable]")) {
  const button = place.querySelector("[data-copy]");
  const value = place.querySelector("[data-value]");
  if (button && value && navigator.clipboard) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(value.textContent);
      button.textContent = button.dataset.done;
    });
  }
}

// Older deliveries are put under those that are shown, by the link or by scrolling to it; without
// this script, the link leads to them.
const older = () => document.querySelector("#log a[data-older]");
let isAdding = false;
const olderRows = async (link) => {
  const answer = await fetch(link.href, {headers: {Accept: "text/html"}}).catch(() => null);
  return answer && answer.ok
      ? new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("log") : null;
};
const addOlder = async (link) => {
  const log = link.closest("#log");
  isAdding = true;
  const next = await olderRows(link).finally(() => { isAdding = false; });
  if (!next || !link.isConnected) {
    return {isMissing: !next};
  }
  log.dataset.long = "true";
  const rows = Array.from(next.querySelectorAll("tbody tr"), (row) => document.adoptNode(row));
  const body = log.querySelector("tbody");
  if (rows.length > 0 && !body) {
    log.replaceChildren(...document.adoptNode(next).childNodes);
    return {};
  }
  const further = next.querySelector("a[data-older]");
  if (rows.length > 0) {
    body.append(...rows);
  }
  if (further) {
    link.href = further.href;
  } else {
    link.remove();
  }
  return {first: rows[0]};
};
document.addEventListener("click", async (event) => {
  const link = event.target.closest("#log a[data-older]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  if (isAdding) {
    return;
  }
  const added = await addOlder(link);
  if (added.isMissing) {
    location.assign(link.href);
  } else if (added.first) {
    added.first.querySelector("a").focus();
  }
});
document.addEventListener("scroll", () => {
  const link = older();
  if (link && !isAdding && window.scrollY > 0 && link.getBoundingClientRect().top < innerHeight) {
    addOlder(link);
  }
}, {passive: true});

// The log follows by itself while it is seen, and never jumps: what is new waits behind a button as
// long as the reader has scrolled, focused or opened something. Visible windows take turns at the one
// stream of a browser.
const follow = document.querySelector("[data-follow]");
if (follow && window.EventSource && navigator.locks) {
  const part = (name) => follow.querySelector("[data-" + name + "]");
  const pause = part("pause"), state = part("state"), more = part("more"), said = part("said");
  let source = null, release = null, waiting = null, paused = false, lastSaid = 0;
  const log = () => document.getElementById("log");
  const say = (text) => {
    if (Date.now() - lastSaid > 5000) {
      lastSaid = Date.now();
      said.textContent = text;
    }
  };
  const isReading = () => window.scrollY > 40 || log().contains(document.activeElement)
      || log().dataset.long || log().querySelector("details[open]") !== null || !getSelection().isCollapsed;
  const refresh = async () => {
    const answer = await fetch(location.href, {headers: {Accept: "text/html"}}).catch(() => null);
    const next = answer && answer.ok
        && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("log");
    if (next) {
      log().replaceWith(document.adoptNode(next));
      more.hidden = true;
    }
  };
  const look = (rows) => {
    const shown = new Map(Array.from(log().querySelectorAll("[data-id]"),
        (row) => [row.dataset.id, row.dataset.progress]));
    const ids = Object.keys(rows);
    const fresh = ids.filter((id) => !shown.has(id)).length;
    if (fresh === 0 && ids.every((id) => shown.get(id) === rows[id])) {
      return;
    }
    const text = more.dataset.text.replace("{0}", String(fresh));
    if (fresh > 0) {
      say(text);
    }
    if (!isReading()) {
      refresh();
    } else if (fresh > 0) {
      more.textContent = text;
      more.hidden = false;
    }
  };
  const stop = () => {
    if (waiting) {
      waiting.abort();
      waiting = null;
    }
    if (source) {
      source.close();
      source = null;
    }
    if (release) {
      release();
      release = null;
    }
  };
  const start = () => {
    if (paused || document.hidden || waiting || source) {
      return;
    }
    waiting = new AbortController();
    navigator.locks.request("console-stream", {signal: waiting.signal}, () => {
      waiting = null;
      source = new EventSource(log().dataset.stream);
      source.addEventListener("log", (event) => look(JSON.parse(event.data)));
      source.addEventListener("open", () => { state.textContent = state.dataset.live; });
      source.addEventListener("error", () => {
        state.textContent = state.dataset.lost;
        if (source && source.readyState === EventSource.CLOSED) {
          // An answer that is no stream, as while a server restarts: the browser gives up.
          stop();
          setTimeout(start, 3000);
        }
      });
      return new Promise((done) => { release = done; });
    }).catch(() => {});
  };
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    state.textContent = paused ? state.dataset.paused : state.dataset.live;
    stop();
    start();
  });
  more.addEventListener("click", async () => {
    await refresh();
    window.scrollTo(0, 0);
    pause.focus();
  });
  document.addEventListener("visibilitychange", () => document.hidden ? stop() : start());
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", start);
  follow.hidden = false;
  start();
}
