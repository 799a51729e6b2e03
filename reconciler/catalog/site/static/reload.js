// Only on pages that `catalog serve` shows: load the page anew when it was made anew.
"use strict";
(() => {
  let known = null;
  setInterval(async () => {
    try {
      const made = await (await fetch("/version", { cache: "no-store" })).text();
      if (known !== null && made !== known) location.reload();
      known = made;
    } catch {
      // The server has ended, or will be back.
    }
  }, 2000);
})();
