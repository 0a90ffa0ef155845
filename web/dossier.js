// A dossier's page while scripts run: forms without reloading, many uploads with progress, order by dragging, and
// what happens in other windows. The server renders everything; here parts of its page are exchanged for newer ones.
import { announce } from "./page.js";
import { watch } from "./watch.js";
import { takeFiles } from "./uploads.js";
import { makeSortable } from "./sortable.js";

const root = document.getElementById("dossier");
const address = root.dataset.address;
let revision = Number(root.dataset.revision);

/** Says something a person must see; `kind` is good, warn or bad. */
export function say(kind, zh, en) {
  const box = document.createElement("div");
  box.className = `alert ${kind}`;
  const strong = document.createElement("b");
  strong.textContent = zh;
  const first = document.createElement("p");
  first.append(strong);
  const second = document.createElement("p");
  second.lang = "en";
  second.textContent = en;
  box.append(first, second);
  const messages = document.getElementById("messages");
  messages.replaceChildren(box);
  if (kind !== "good") box.scrollIntoView({ block: "nearest" });
}

/** Exchanges the parts that differ for those of a newer page; what has the focus keeps it. */
function exchange(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById("dossier");
  if (!fresh) return false;
  const focused = place(document.activeElement);
  const open = new Set([...document.querySelectorAll("details[open]")].map(where));
  const parts = new Map([...fresh.querySelectorAll("[data-part]")].map((part) => [part.id, part]));
  for (const old of document.querySelectorAll("[data-part]")) {
    const part = parts.get(old.id);
    if (!part) continue;
    for (const details of part.querySelectorAll("details")) {
      if (open.has(where(details))) details.setAttribute("open", "");
    }
    if (old.innerHTML !== part.innerHTML) old.replaceWith(document.adoptNode(part));
  }
  revision = Number(fresh.dataset.revision);
  root.dataset.revision = String(revision);
  makeSortable(root, reorder);
  if (focused) find(focused)?.focus({ preventScroll: true });
  awaitBinding();
  return true;
}

/** While volumes are being bound somewhere, the page asks how far they are. */
let awaiting = 0;
function awaitBinding() {
  clearTimeout(awaiting);
  if (root.querySelector("[data-under-way]")) awaiting = setTimeout(refresh, 2000);
}

/** Where a folding part stands, so that one that was open stays open. */
function where(details) {
  const part = details.closest("[data-part]");
  return `${part?.id}/${details.querySelector("summary")?.textContent}`;
}

/** How the focused thing can be found again in a newer page. */
function place(element) {
  if (!element?.closest?.("[data-part]")) return null;
  const form = element.form?.getAttribute("action");
  return { id: element.id, form, name: element.name, value: element.value, tag: element.tagName };
}
function find(was) {
  if (was.id) return document.getElementById(was.id);
  if (!was.form) return null;
  const form = document.querySelector(`form[action="${CSS.escape(was.form)}"]`);
  const same = [...(form?.elements ?? [])].filter((e) => e.name === was.name && e.tagName === was.tag);
  const exact = same.find((e) => e.value === was.value && !e.disabled);
  return exact ?? same.find((e) => !e.disabled);
}

/** Fetches the page anew. */
let refreshing = null;
export function refresh() {
  refreshing ??= (async () => {
    await new Promise((done) => setTimeout(done, 120));
    // What is being dragged would be taken from under the hand.
    if (document.querySelector(".dragged")) {
      await new Promise((done) => document.addEventListener("dragend", done, { once: true }));
    }
    refreshing = null;
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "follow" });
    if (answer.status === 401) return location.reload();
    if (answer.ok) exchange(await answer.text());
  })().catch(() => {});
  return refreshing;
}

/** What a refusal says, for people. */
export async function refusal(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  if (type.includes("json")) {
    const problem = await answer.json();
    return { zh: problem.message?.zh ?? problem.detail, en: problem.message?.en ?? problem.title };
  }
  return { zh: "没有做成，请再试一次", en: "It was not done; try again" };
}

/** Sends a form; the answer is the newer page. */
async function send(url, body, busy) {
  try {
    if (busy) say("info", busy, "");
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json, text/html;q=0.5" } });
    if (answer.ok && (answer.headers.get("Content-Type") ?? "").includes("html")) {
      document.getElementById("messages").replaceChildren();
      exchange(await answer.text());
      return true;
    }
    const { zh, en } = await refusal(answer);
    say("bad", zh, en);
    await refresh();
  } catch {
    say("bad", "网络中断，没有保存；请检查网络后再试", "The connection broke and nothing was saved; try again");
  }
  return false;
}

function reorder(list, ids) {
  const body = new URLSearchParams(ids.map((id) => ["order", id]));
  return send(list.dataset.order, body);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-live]")) return;
  event.preventDefault();
  if (form.dataset.busyNow) return;
  form.dataset.busyNow = "1";
  const button = event.submitter;
  button?.setAttribute("aria-disabled", "true");
  const url = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const done = await send(url, new URLSearchParams(new FormData(form, button)), form.dataset.busy);
  delete form.dataset.busyNow;
  delete form.dataset.sent;
  button?.removeAttribute("aria-disabled");
  if (done) announce("已保存 Saved");
});

takeFiles(root, { address, say, refusal, refresh });
makeSortable(root, reorder);
awaitBinding();
watch(`${address}/events`, {
  changed: (data) => { if (data.revision > revision) refresh(); },
  bound: () => refresh(),
  gone: () => location.reload(),
});
