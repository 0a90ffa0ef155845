// Files of a slot in another order by dragging; the buttons beside each do the same for the keyboard.

/** Makes the lists `[data-order]` sortable; `moved(list, ids)` is told the new order. */
export function makeSortable(root, moved) {
  for (const list of root.querySelectorAll("[data-order]")) {
    if (list.dataset.sortable) continue;
    list.dataset.sortable = "1";
    enable(list, moved);
  }
}

function enable(list, moved) {
  let dragged = null;
  const clear = () => {
    for (const item of list.children) item.classList.remove("before", "after", "dragged");
  };
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-file]");
    if (!dragged || dragged.parentElement !== list) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.file);
    dragged.classList.add("dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-file]");
    if (!dragged || !over || over.parentElement !== list) return;
    event.preventDefault();
    for (const item of list.children) item.classList.remove("before", "after");
    if (over !== dragged) over.classList.add(lower(event, over) ? "after" : "before");
  });
  list.addEventListener("drop", (event) => {
    const over = event.target.closest("[data-file]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over !== dragged) {
      if (lower(event, over)) over.after(dragged);
      else over.before(dragged);
      moved(list, [...list.children].map((item) => item.dataset.file));
    }
    clear();
    dragged = null;
  });
  list.addEventListener("dragend", () => { clear(); dragged = null; });
}

function lower(event, element) {
  const box = element.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}
