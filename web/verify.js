// The verifier's page: counts the code, hashes a file where it is and sends the hash alone, reads the QR code with the camera.
import { announce } from "./page.js";

const $ = (id) => document.getElementById(id);
const result = $("result");

/** Says one sentence in Chinese and English at `place`. */
function say(place, zh, en, kind = "info") {
  place.replaceChildren();
  if (!zh) return;
  const box = document.createElement("p");
  box.className = `alert ${kind}`;
  const english = document.createElement("span");
  english.lang = "en";
  english.textContent = en;
  box.append(`${zh} `, english);
  place.append(box);
}

// — the code —

const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** What was typed as the signs of a code; null stands for a sign no code has. */
function signs(typed) {
  const text = typed.normalize("NFKC").toUpperCase().replace(/[\s\-_.·‐-―−ー\u200b\ufeff]/g, "");
  return [...text.replaceAll("O", "0").replace(/[IL]/g, "1")].map((sign) => (SIGNS.includes(sign) ? sign : null));
}

/** ISO 7064 MOD 33,32: whether the last sign fits those before it. */
function holds(code) {
  let p = 32;
  for (const sign of code.slice(0, -1)) {
    const s = (p + SIGNS.indexOf(sign)) % 32 || 32;
    p = (s * 2) % 33;
  }
  return SIGNS[(33 - p) % 32] === code.at(-1);
}

/** The code inside what a QR code or a paste holds: an address of ours, or the bare code. */
function codeOf(text) {
  const match = /\/v\/([^/?#]+)/.exec(text);
  try {
    return match ? decodeURIComponent(match[1]) : text;
  } catch {
    return text;
  }
}

const code = $("code");
code.addEventListener("input", () => {
  const at = code.value;
  if (/\/v\//.test(at)) code.value = codeOf(at);
  const typed = signs(code.value);
  const foreign = typed.includes(null);
  const place = $("code-count");
  if (typed.length === 0) place.textContent = "";
  else if (foreign) place.textContent = "有校验码中没有的字符 There is a sign no code has";
  else if (typed.length < 20) place.textContent = `已输入 ${typed.length} 位，共 20 位 ${typed.length} of 20 signs`;
  else if (typed.length > 20) place.textContent = `多了 ${typed.length - 20} 位 ${typed.length - 20} signs too many`;
  else place.textContent = holds(typed) ? "20 位，校验位相符 20 signs, the check sign fits" : "校验位不符：有一位可能输错 The check sign does not fit: one sign may be mistyped";
});

// — the file —

const form = $("file-form");
const file = $("file");
const drop = $("drop");

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Asks with these fields and puts the answer's part of the page here. */
async function ask(fields) {
  const response = await fetch("/verify", {
    method: "POST",
    headers: { Accept: "text/html" },
    body: new URLSearchParams(fields),
  });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = page.getElementById("verification") ?? page.querySelector("main .alert");
  if (!part) throw new Error(`status ${response.status}`);
  result.replaceChildren(document.adoptNode(part));
  result.hidden = false;
  result.focus();
  result.scrollIntoView({ block: "start" });
  announce(result.querySelector("h2, b")?.textContent ?? "");
  return result.querySelector("[data-answer]")?.dataset.answer;
}

let asked = 0;

async function verifyFile() {
  const chosen = file.files[0];
  const turn = ++asked;
  $("upload").hidden = true;
  result.hidden = true;
  if (!chosen) return say($("file-said"));
  if (chosen.size > Number(form.dataset.limit)) {
    return say($("file-said"), "文件太大，不会是本机关签发的证书", "too large to be a certificate of this office", "warn");
  }
  if (!globalThis.crypto?.subtle) {
    say($("file-said"), "此连接不安全，浏览器不能在本机计算指纹：只能上传文件", "over this connection the browser cannot hash: the file would have to be uploaded", "warn");
    $("upload").hidden = false;
    return;
  }
  say($("file-said"), "正在本机计算指纹…", "computing the fingerprint here…");
  let sha256;
  try {
    sha256 = hex(await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer()));
  } catch {
    return say($("file-said"), "读不到这个文件：请重新选择", "the file cannot be read: choose it again", "bad");
  }
  if (turn !== asked) return;
  try {
    const answer = await ask({ sha256 });
    if (turn !== asked) return;
    say($("file-said"), `“${chosen.name}” 的指纹已查验，文件没有发送`, "its fingerprint was checked, the file was not sent", "good");
    $("upload").hidden = answer !== "unknown";
  } catch {
    say($("file-said"), "连接中断：文件没有发送，请再试一次", "the connection broke: nothing was sent, try again", "bad");
  }
}

file.addEventListener("change", verifyFile);
for (const name of ["dragover", "dragenter"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length === 0) return;
  file.files = event.dataTransfer.files;
  verifyFile();
});
// A file dropped beside the box would otherwise replace the page.
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
// A file the browser still holds after coming back is asked about again only when it is chosen again.
window.addEventListener("pageshow", () => { form.reset(); });

// — the camera —

const video = $("scan-video");
let camera = null;

async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  try {
    return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

function stop() {
  for (const track of camera?.getTracks() ?? []) track.stop();
  camera = null;
  video.srcObject = null;
  $("scan-view").hidden = true;
}

/** A QR code of ours leads to our page; one that leads elsewhere is said so and not followed. */
function found(text) {
  stop();
  let address = null;
  try { address = new URL(text); } catch { /* a bare code */ }
  const ours = [location.host, $("scan").dataset.host];
  if (address && !ours.includes(address.host)) {
    return say($("scan-said"), `二维码指向另一个网站 ${address.host}，不是本机关的核验页：可能是仿冒证书`, `the QR code leads to another site, ${address.host}, not to this office: the certificate may be forged`, "bad");
  }
  const typed = signs(codeOf(text));
  if (typed.length !== 20 || typed.includes(null)) {
    return say($("scan-said"), "这不是证书上的二维码", "this is not the QR code of a certificate", "warn");
  }
  code.value = typed.join("");
  $("code-form").submit();
}

async function scan() {
  say($("scan-said"));
  try {
    camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return say($("scan-said"), "没有得到摄像头的许可：请输入校验码", "the camera may not be used: type the code", "warn");
  }
  $("scan-view").hidden = false;
  video.srcObject = camera;
  // A picture that is not there yet gives no code; the next look may.
  video.play().catch(() => {});
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  while (camera) {
    const codes = await detector.detect(video).catch(() => []);
    if (camera && codes.length > 0) return found(codes[0].rawValue);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

const able = await canScan();
$("scan-can").hidden = !able;
$("scan-cannot").hidden = able;
$("scan-start").addEventListener("click", scan);
$("scan-stop").addEventListener("click", stop);
window.addEventListener("pagehide", stop);
