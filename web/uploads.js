// Many files at once: a row with progress for each, two on the way at a time, each its own request, so that one that
// breaks off takes no other with it and can be sent again.

const AT_ONCE = 2;

/** Takes files from the drop field, from the fields of the slots and from what is dropped on them. */
export function takeFiles(root, { address, say, refusal, refresh }) {
  const list = document.getElementById("uploads");
  const most = Number(root.dataset.fileBytes);
  const rows = new Map();
  const waiting = [];
  let running = 0;
  const unfinished = remembered(address);
  tellOfTheLastVisit();

  /** What was on its way when this window was last left or broke off; nothing of it was kept by the server. */
  function tellOfTheLastVisit() {
    const names = unfinished.list();
    if (names.length === 0) return;
    unfinished.clear();
    const there = new Set([...root.querySelectorAll("[data-name]")].map((file) => file.dataset.name));
    const lost = names.filter((name) => !there.has(name));
    if (lost.length === 0) return;
    say("warn", `上次离开时有 ${lost.length} 个文件没有传完，没有留下任何东西，请重新选择：${lost.join("、")}`,
      `${lost.length} files were not sent to the end last time and nothing of them was kept; choose them again: ${lost.join(", ")}`);
  }

  function add(file, url, slot) {
    const tag = Math.random().toString(36).slice(2, 14);
    const row = makeRow(file.name);
    rows.set(tag, row);
    const job = { file, url, slot, tag, row };
    row.ended = unfinished.add(file.name);
    row.retry.addEventListener("click", () => {
      row.retry.hidden = true;
      row.ended();
      row.ended = unfinished.add(file.name);
      waiting.push(job);
      next();
    });
    list.append(row.element);
    if (file.size > most) {
      row.state("bad", `超过 ${mega(most)}，没有上传`, `more than ${mega(most)}, not sent`);
      row.ended();
      return;
    }
    if (file.size === 0) {
      row.state("bad", "空文件，没有上传", "empty, not sent");
      row.ended();
      return;
    }
    row.state("open", "等待", "waiting");
    waiting.push(job);
    next();
  }

  function next() {
    while (running < AT_ONCE && waiting.length > 0) {
      running += 1;
      start(waiting.shift()).finally(() => { running -= 1; next(); });
    }
    if (running === 0 && waiting.length === 0) refresh();
  }

  function start({ file, url, slot, tag, row }) {
    return new Promise((done) => {
      const form = new FormData();
      if (slot) form.append("slot", slot);
      form.append("tag", tag);
      form.append("file", file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      row.cancel.hidden = false;
      row.cancel.onclick = () => request.abort();
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) row.progress(event.loaded / event.total);
      });
      request.upload.addEventListener("load", () => row.state("busy", "已收到，正在核对", "received, being judged"));
      request.addEventListener("load", async () => {
        await finished(request, row);
        done();
      });
      const broken = () => {
        row.state("bad", "网络中断，没有留下任何东西", "the connection broke, nothing was kept");
        row.retry.hidden = false;
        done();
      };
      request.addEventListener("error", broken);
      request.addEventListener("timeout", broken);
      request.addEventListener("abort", () => { row.ended(); row.state("open", "已取消", "cancelled"); row.retry.hidden = false; done(); });
      row.state("busy", "上传中", "sending");
      request.send(form);
    });
  }

  async function finished(request, row) {
    row.cancel.hidden = true;
    const answer = new Response(request.status === 204 ? null : request.responseText, {
      status: Math.max(request.status, 200),
      headers: { "Content-Type": request.getResponseHeader("Content-Type") ?? "" },
    });
    if (request.status === 503 || request.status === 429) {
      row.state("warn", "服务繁忙，请稍后重试", "busy, try again later");
      row.retry.hidden = false;
      return;
    }
    row.ended();
    if (!answer.ok) {
      const { zh, en } = await refusal(answer);
      row.state("bad", zh, en);
      return;
    }
    const { placed, refused } = await answer.json();
    for (const { message } of refused) row.state("bad", message.zh, message.en);
    for (const file of placed) {
      const where = file.slot_title ?? { zh: "还没有位置，请在下面选择", en: "without a place, choose one below" };
      const [kind, zh, en] = verdicts[file.verdict] ?? verdicts.undecided;
      row.state(kind, `${zh} → ${where.zh}`, `${en} → ${where.en}`);
      if (kind === "good" && file.slot) setTimeout(() => row.element.remove(), 6000);
    }
    refresh();
  }

  // Another window's uploads show here too.
  document.addEventListener("juanzong:file", ({ detail }) => {
    if (rows.has(detail.tag) && detail.tag) return;
    if (detail.kind === "file.received") {
      const row = makeRow(detail.file_name);
      row.state("busy", "另一个窗口上传，正在核对", "from another window, being judged");
      row.bar.remove();
      list.append(row.element);
      rows.set(`other ${detail.tag} ${detail.file_name}`, row);
    } else {
      rows.get(`other ${detail.tag} ${detail.file_name}`)?.element.remove();
    }
  });

  root.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file" || input.files.length === 0) return;
    const form = input.form;
    const slot = form.elements.slot?.value;
    for (const file of input.files) add(file, form.action, slot);
    form.reset();
  });
  root.addEventListener("submit", (event) => {
    if (event.target.enctype === "multipart/form-data") event.preventDefault();
  });

  const drop = document.getElementById("drop");
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const target = (event) => event.target.closest?.("[data-slot], #drop") ?? drop;
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    drop.classList.remove("over");
    const slot = target(event).dataset.slot;
    const files = [...event.dataTransfer.files];
    if (files.length === 0) say("warn", "没有收到文件；文件夹请打开后选择里面的文件", "no files came; open a folder and choose the files in it");
    for (const file of files) add(file, `${address}/files`, slot);
  });
  addEventListener("beforeunload", (event) => { if (running > 0) event.preventDefault(); });
}

/** Names of files on their way, kept for this window only until it is closed. */
function remembered(address) {
  const key = `juanzong uploads of ${address}`;
  const read = () => { try { return JSON.parse(sessionStorage.getItem(key)) ?? []; } catch { return []; } };
  const write = (names) => {
    try {
      if (names.length > 0) sessionStorage.setItem(key, JSON.stringify(names));
      else sessionStorage.removeItem(key);
    } catch { /* a window that may keep nothing says nothing later */ }
  };
  return {
    list: read,
    clear: () => write([]),
    /** Remembers a name; what is given back forgets it. */
    add(name) {
      write([...read(), name]);
      return () => {
        const names = read();
        const at = names.indexOf(name);
        if (at >= 0) names.splice(at, 1);
        write(names);
      };
    },
  };
}

const verdicts = {
  accepted: ["good", "合格", "accepted"],
  refused: ["bad", "需改正", "to fix"],
  undecided: ["warn", "待人工核对", "a person must look"],
};

const mega = (bytes) => `${Math.round(bytes / 1048576)} MB`;

function makeRow(name) {
  const element = document.createElement("li");
  element.className = "upload";
  const title = document.createElement("bdi");
  title.textContent = name;
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  const acts = document.createElement("span");
  acts.className = "row";
  const cancel = act("取消 Cancel");
  const retry = act("重新上传 Send again");
  acts.append(status, cancel, retry);
  element.append(title, acts, bar);
  return {
    element, bar, cancel, retry,
    progress(part) { bar.value = part; },
    state(kind, zh, en) {
      status.className = `status ${kind}`;
      const english = document.createElement("span");
      english.lang = "en";
      english.textContent = en;
      status.replaceChildren(zh, " ", english);
      bar.hidden = !["busy", "open"].includes(kind);
      if (kind !== "busy") cancel.hidden = true;
    },
  };
}

function act(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet small";
  button.textContent = text;
  button.hidden = true;
  return button;
}
