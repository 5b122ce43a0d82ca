"use strict";
// Buttons that copy. Without this script they stay hidden; everything else works without it.
for (const place of document.querySelectorAll("[data-secret]")) {
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
