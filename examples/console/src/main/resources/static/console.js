"use strict";
// Buttons that copy. Without this script they stay hidden; everything else works without it.
const copied = document.querySelector("[data-copied]");
for (const place of document.querySelectorAll("[data-copyable]")) {
  const button = place.querySelector("[data-copy]");
  const value = place.querySelector("[data-value]");
  if (button && value && navigator.clipboard) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(value.textContent);
      button.querySelector("[data-label]").textContent = button.dataset.done;
      copied.textContent = button.textContent;
    });
  }
}

// A second click on the button of a form sends nothing again.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
    }
    form.dataset.sent = "true";
  });
  // The browser may bring the page back as it was left.
  window.addEventListener("pageshow", () => { delete form.dataset.sent; });
}

// A menu is closed by Escape, by a click elsewhere and by leaving it, and arrows lead through it.
const closeMenu = (menu) => { menu.open = false; };
for (const menu of document.querySelectorAll("details.menu")) {
  const opener = menu.querySelector("summary");
  menu.addEventListener("keydown", (event) => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (event.key === "Escape" && menu.open) {
      closeMenu(menu);
      opener.focus();
    } else if (step) {
      event.preventDefault();
      menu.open = true;
      const items = Array.from(menu.querySelectorAll("a, button")).filter((item) => item.offsetParent);
      const at = items.indexOf(document.activeElement);
      items.at(at < 0 && step < 0 ? -1 : (at + step) % items.length).focus();
    }
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) {
      closeMenu(menu);
    }
  });
}
document.addEventListener("pointerdown", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) {
      closeMenu(menu);
    }
  });
});

// Older deliveries are put under those that are shown, by the link or by scrolling to it; without
// scripts, the link leads to them.
document.addEventListener("scroll", () => {
  const link = document.querySelector("#log a[data-older]");
  if (link && window.htmx && window.scrollY > 0 && link.getBoundingClientRect().top < innerHeight) {
    htmx.trigger(link, "scrolled");
  }
}, {passive: true});
const isOlder = (event) => event.detail.elt.matches("#log a[data-older]");
const isClick = (event) => event.detail.requestConfig.triggeringEvent?.type === "click";
let shown = 0;
document.addEventListener("htmx:beforeSwap", (event) => {
  shown = event.detail.target.rows?.length ?? 0;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig.elt.id === "older") {
    document.getElementById("log").dataset.long = "true";
    const first = event.detail.target.rows?.[shown];
    if (first && isClick(event)) {
      first.querySelector("a").focus();
    }
  }
});
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    if (isOlder(event) && isClick(event)) {
      location.assign(event.detail.elt.href);
    }
  });
}

// The log follows by itself while it is seen, and never jumps: what is new waits behind a button as
// long as the reader has scrolled, focused or opened something. Visible windows take turns at the one
// stream of a browser.
const follow = document.querySelector("[data-follow]");
if (follow && window.htmx && window.EventSource && navigator.locks) {
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
  const refresh = () => htmx.ajax("GET", location.href, {target: "#log", select: "#log", swap: "outerHTML"});
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "log") {
      more.hidden = true;
    }
  });
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
