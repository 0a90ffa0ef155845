// A list under way: asks how far it is, moves the bar, and shows the page anew when something else can be done.
import { announce } from "./page.js";

const place = document.getElementById("progress");
const bar = document.getElementById("bar");
const EVERY_MS = 700;
let misses = 0;

async function look() {
  let list;
  try {
    const response = await fetch(place.dataset.address, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    list = await response.json();
    misses = 0;
  } catch {
    // Signed out, or the server is away: the page itself says which.
    misses += 1;
    if (misses > 5) return location.reload();
    return setTimeout(look, EVERY_MS * misses);
  }
  bar.max = Math.max(list.of, 1);
  bar.value = list.done;
  document.getElementById("done").textContent = list.done;
  document.getElementById("of").textContent = list.of;
  if (list.state !== place.dataset.state || list.stopped) {
    announce("已完成 Done");
    return location.reload();
  }
  setTimeout(look, EVERY_MS);
}

look();
