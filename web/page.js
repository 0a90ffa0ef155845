// What every page does once scripts run: nothing that it could not do without them.

document.documentElement.classList.add("js");

// The key of a secret link does not stay in the address bar of an open dossier.
if (location.hash.startsWith("#jzd_") && !document.getElementById("open")) {
  history.replaceState(null, "", location.pathname + location.search);
}
// A link that people copy names the site.
for (const input of document.querySelectorAll("input#secret-link")) {
  if (input.value.startsWith("/")) input.value = location.origin + input.value;
}

/** Says something to a screen reader, and to nobody else. */
export function announce(text) {
  let region = document.getElementById("announced");
  if (!region) {
    region = document.createElement("div");
    region.id = "announced";
    region.className = "hidden-word";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = text;
}

// <button data-copy="id of an input">: copies its value.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    source.select?.();
    return;
  }
  button.textContent = "已复制 Copied";
  announce("已复制 Copied");
});

// <form data-once>: a second click while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});
// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});
