'use strict';
// Checks a certificate of juanzong without any network: the file from its first byte to its last, the signature in its one canonical
// form, the chain to the office's root, the claims, the log's proof and its witnesses, and a status list when one was put in.
// Written apart from the program it came with; both follow docs/certificate.md.
class Wrong extends Error {
  constructor(code, zh, en) { super(en); Object.assign(this, { code, zh, en }); }
}
const shape = (en) => new Wrong('structure', '文件结构与签发时不同', en);
const beyond = (en) => new Wrong('revision', '签名修订中有不应有的内容', en);
const unsigned = (en) => new Wrong('signature', '数字签名不成立', en);
const ascii = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const latin = (bytes) => { let s = ''; for (const b of bytes) s += String.fromCharCode(b); return s; };
const utf8 = new TextEncoder();
const hexOf = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) || [], (h) => parseInt(h, 16));
const base64 = (text) => ascii(atob(text));
const strictBase64 = (text) => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) return null;
  const bytes = base64(text);
  return btoa(latin(bytes)) === text ? bytes : null;
};
const join = (...parts) => {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) { out.set(p, at); at += p.length; }
  return out;
};
const same = (a, b) => a.length === b.length && a.every((v, i) => v === b[i]);
const startsAt = (bytes, at, wanted) => at >= 0 && at + wanted.length <= bytes.length && wanted.every((b, i) => bytes[at + i] === b);
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)));

// ---- the PDF, of exactly the shape that is written -------------------------------------------------------------------------
class Name { constructor(text) { this.text = text; } }
class Text { constructor(bytes, from, to) { Object.assign(this, { bytes, from, to }); } }
class Real { constructor(text) { this.text = text; } }
class Ref { constructor(number) { this.number = number; } }
class Stream { constructor(dict, from, to) { Object.assign(this, { dict, from, to }); } }
const isName = (o, text) => o instanceof Name && o.text === text;
const isText = (o, text) => o instanceof Text && latin(o.bytes) === text;
const dictOf = (o) => (o instanceof Map ? o : o instanceof Stream ? o.dict : null);
function equal(a, b) {
  if (a instanceof Name || a instanceof Real) return b && a.constructor === b.constructor && a.text === b.text;
  if (a instanceof Text) return b instanceof Text && same(a.bytes, b.bytes);
  if (a instanceof Ref) return b instanceof Ref && a.number === b.number;
  if (a instanceof Stream) return b instanceof Stream && a.from === b.from && a.to === b.to && equal(a.dict, b.dict);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((v, i) => equal(v, b[i]));
  if (a instanceof Map) return b instanceof Map && a.size === b.size && [...a].every(([k, v]) => b.has(k) && equal(v, b.get(k)));
  return a === b;
}
class Reader {
  constructor(bytes, at) { this.bytes = bytes; this.at = at; }
  peek() { return this.at < this.bytes.length ? this.bytes[this.at] : -1; }
  take(text) { if (!startsAt(this.bytes, this.at, ascii(text))) return false; this.at += text.length; return true; }
  expect(text) { if (!this.take(text)) throw shape('byte ' + this.at + ' wants `' + text.trim() + '`'); }
  space() { while ([32, 10, 13].includes(this.peek())) this.at++; }
  run(test) { const from = this.at; while (this.at < this.bytes.length && test(this.bytes[this.at])) this.at++; return latin(this.bytes.subarray(from, this.at)); }
  digits() {
    const text = this.run((b) => b >= 48 && b <= 57);
    if (!text || text.length > 10) throw shape('a number is missing');
    return Number(text);
  }
  indirect() {
    const number = this.digits();
    this.expect(' 0 obj\n');
    let object = this.object(0);
    if (object instanceof Map) {
      const before = this.at;
      this.space();
      if (this.take('stream\n')) {
        const length = object.get('Length');
        const end = this.at + length;
        if (!Number.isInteger(length) || length < 0 || end > this.bytes.length) throw shape('a stream says no length or a wrong one');
        object = new Stream(object, this.at, end);
        this.at = end;
        this.expect('\nendstream');
        this.space();
      } else this.at = before;
    }
    this.space();
    this.expect('endobj');
    return [number, object];
  }
  object(depth) {
    if (depth > 32) throw shape('objects are nested too deeply');
    this.space();
    const c = String.fromCharCode(this.peek());
    if (c === '/') return new Name(this.name());
    if (c === '(') return this.literal();
    if (this.take('<<')) {
      const dict = new Map();
      for (;;) {
        this.space();
        if (this.take('>>')) return dict;
        const key = this.name();
        const value = this.object(depth + 1);
        if (dict.has(key)) throw shape('a dictionary has one key twice');
        dict.set(key, value);
      }
    }
    if (c === '<') {
      const from = this.at++;
      const text = this.run((b) => b !== 62);
      if (!/^([0-9A-F]{2})*$/.test(text)) throw shape('a hexadecimal string has something else than capital digits in pairs');
      this.expect('>');
      return new Text(bytesOf(text), from, this.at);
    }
    if (c === '[') {
      this.at++;
      const items = [];
      for (;;) {
        this.space();
        if (this.take(']')) return items;
        items.push(this.object(depth + 1));
      }
    }
    if (/[0-9+.-]/.test(c)) {
      const text = this.run((b) => /[0-9+.-]/.test(String.fromCharCode(b)));
      if (text.includes('.')) return new Real(text);
      if (!/^[+-]?\d{1,15}$/.test(text)) throw shape('a number cannot be read');
      const value = Number(text);
      if (value >= 0 && value < 2 ** 32 && this.take(' 0 R')) return new Ref(value);
      return value;
    }
    if (this.take('true')) return true;
    if (this.take('false')) return false;
    if (this.take('null')) return null;
    throw shape('byte ' + this.at + ' begins no object');
  }
  name() {
    this.expect('/');
    let name = '';
    for (;;) {
      const b = this.peek();
      const c = String.fromCharCode(b);
      if (b < 0 || ' \n\r/<>[]()'.includes(c)) return name;
      if (c === '#') {
        const hex = latin(this.bytes.subarray(this.at + 1, this.at + 3));
        if (!/^[0-9A-Fa-f]{2}$/.test(hex)) throw shape('a name has a wrong escape');
        name += String.fromCharCode(parseInt(hex, 16));
        this.at += 3;
      } else if (b > 32 && b < 127 && !'%{}'.includes(c)) { name += c; this.at++; } else throw shape('a name has a sign that wants an escape');
    }
  }
  literal() {
    const from = this.at++;
    const bytes = [];
    let open = 1;
    for (;;) {
      const b = this.peek();
      if (b < 0) throw shape('a string has no end');
      this.at++;
      if (b === 40) { open++; bytes.push(b); } else if (b === 41) {
        if (--open === 0) return new Text(Uint8Array.from(bytes), from, this.at);
        bytes.push(b);
      } else if (b === 92) {
        const e = String.fromCharCode(this.peek());
        const octal = latin(this.bytes.subarray(this.at, this.at + 3));
        if ('nrtbf'.includes(e)) { bytes.push({ n: 10, r: 13, t: 9, b: 8, f: 12 }[e]); this.at++; } else if ('()\\'.includes(e)) { bytes.push(e.charCodeAt(0)); this.at++; } else if (/^[0-3][0-7]{2}$/.test(octal)) { bytes.push(parseInt(octal, 8)); this.at += 3; } else throw shape('a string has a wrong escape');
      } else bytes.push(b);
    }
  }
}
function readRevision(bytes, begin) {
  const reader = new Reader(bytes, begin);
  const objects = new Map();
  const places = new Map();
  for (;;) {
    reader.space();
    if (reader.peek() === 120) break;
    const place = reader.at;
    const [number, object] = reader.indirect();
    if (objects.has(number)) throw shape('two objects have one number');
    objects.set(number, object);
    places.set(number, place);
    if (objects.size > 5000) throw shape('there are too many objects');
  }
  const xrefAt = reader.at;
  const wrong = () => shape('the cross-reference table says something else than the file');
  reader.expect('xref\n');
  let named = 0;
  while (reader.peek() >= 48 && reader.peek() <= 57) {
    const first = reader.digits();
    reader.expect(' ');
    const count = reader.digits();
    reader.expect('\n');
    for (let number = first; number < first + count; number++) {
      const entry = latin(bytes.subarray(reader.at, reader.at + 20));
      let kept;
      if (places.has(number) && number > 0) { named++; kept = String(places.get(number)).padStart(10, '0') + ' 00000 n'; } else if (number === 0 && !places.has(0)) kept = '0000000000 65535 f';
      else throw wrong();
      if (entry !== kept + '\r\n' && entry !== kept + ' \n') throw wrong();
      reader.at += 20;
    }
  }
  if (named !== places.size) throw wrong();
  reader.expect('trailer\n');
  const trailer = reader.object(0);
  if (!(trailer instanceof Map)) throw shape('the trailer is not a dictionary');
  reader.expect('\nstartxref\n' + xrefAt + '\n%%EOF');
  if (reader.at !== bytes.length) throw shape('something follows the end of the file');
  return { objects, trailer, xrefAt };
}
function readFirst(bytes) {
  if (!startsAt(bytes, 0, ascii('%PDF-1.7\n%'))) throw shape('the file does not begin with `%PDF-1.7`');
  for (let i = 10; i < 14; i++) if (!(bytes[i] >= 128)) throw shape('the second line is not the mark of binary content');
  if (bytes[14] !== 10) throw shape('the second line is not the mark of binary content');
  return readRevision(bytes, 15);
}
function secondBegins(bytes) {
  const tail = latin(bytes.subarray(Math.max(0, bytes.length - 40)));
  const end = /\nstartxref\n(\d{1,10})\n%%EOF$/.exec(tail);
  if (!end) throw shape('the file does not end with the end mark of a PDF');
  const lines = latin(bytes.subarray(Number(end[1]), Number(end[1]) + 2000)).split('\n');
  const places = lines.map((line) => /^(\d{10}) 00000 n ?\r?$/.exec(line)).filter(Boolean).map((m) => Number(m[1]));
  const begin = Math.min(...places);
  if (!places.length || latin(bytes.subarray(begin - 7, begin)) !== '\n%%EOF\n') throw new Wrong('unsigned', '文件没有签名修订', 'the file has no signed revision');
  return begin;
}
const onlyKeys = (dict, ...keys) => dict instanceof Map && dict.size === keys.length && keys.every((k) => dict.has(k));
const follow = (revision, ref) => (ref instanceof Ref ? revision.objects.get(ref.number) : undefined);
const NEVER = 'AA OpenAction JS JavaScript AcroForm XFA Perms Annots OCProperties OC Encrypt Launch URI RichMedia Collection NeedsRendering Requirements DSS Extends ByteRange FFilter Ref'.split(' ');
const ACTIONS = 'URI Launch JavaScript GoToR GoToE SubmitForm ImportData Rendition'.split(' ');
const KINDS = 'ObjStm XRef Annot Action Sig'.split(' ');
function plain(object) {
  if (Array.isArray(object)) object.forEach(plain);
  const dict = dictOf(object);
  if (!dict) return;
  if (NEVER.some((k) => dict.has(k)) || ACTIONS.some((a) => isName(dict.get('S'), a)) || KINDS.some((k) => isName(dict.get('Type'), k))) throw shape('the first revision has something that no certificate has');
  dict.forEach(plain);
}
function catalogOf(revision) {
  const ref = revision.trailer.get('Root');
  const dict = dictOf(follow(revision, ref));
  if (!dict || !isName(dict.get('Type'), 'Catalog')) throw shape('there is no catalog');
  return [ref.number, dict];
}
function pageOf(revision) {
  const [, catalog] = catalogOf(revision);
  const pages = dictOf(follow(revision, catalog.get('Pages')));
  const kids = pages && pages.get('Kids');
  const page = Array.isArray(kids) && kids.length === 1 && dictOf(follow(revision, kids[0]));
  if (!page || pages.get('Count') !== 1 || !isName(page.get('Type'), 'Page')) throw shape('there is not exactly one page');
  return [kids[0].number, page];
}
function embedded(revision, specification, name) {
  if (!specification || !isText(specification.get('F'), name) || !isText(specification.get('UF'), name)) return null;
  const files = specification.get('EF');
  if (!(files instanceof Map) || !equal(files.get('F'), files.get('UF'))) return null;
  const stream = follow(revision, files.get('F'));
  return stream instanceof Stream ? stream : null;
}
function claimsStream(revision) {
  for (const object of revision.objects.values()) plain(object);
  const [, catalog] = catalogOf(revision);
  pageOf(revision);
  const absent = shape('the first revision has no claims attached, or other files too');
  const names = catalog.get('Names');
  const entries = onlyKeys(names, 'EmbeddedFiles') && names.get('EmbeddedFiles').get('Names');
  if (!Array.isArray(entries) || entries.length !== 2 || !isText(entries[0], 'claims.json') || !equal(catalog.get('AF'), [entries[1]])) throw absent;
  const stream = embedded(revision, dictOf(follow(revision, entries[1])), 'claims.json');
  const files = [...revision.objects.values()].filter((o) => { const d = dictOf(o); return d && isName(d.get('Type'), 'EmbeddedFile'); });
  if (!stream || files.length !== 1) throw absent;
  return stream;
}
async function decoded(bytes, stream) {
  const raw = bytes.subarray(stream.from, stream.to);
  const filter = stream.dict.get('Filter');
  if (stream.dict.has('DecodeParms') || (filter !== undefined && !isName(filter, 'FlateDecode'))) throw shape('an attached file cannot be read');
  if (filter === undefined) return raw;
  const reader = new Blob([raw]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(...parts);
    total += value.length;
    if (total > 65536) throw shape('an attached file is too large');
    parts.push(value);
  }
}
/** The white list: one attached file, one signature, one widget; catalog and page changed only where that needs it. */
function additions(first, second) {
  const [catalogNumber, oldCatalog] = catalogOf(first);
  const [pageNumber, oldPage] = pageOf(first);
  const newCatalog = dictOf(second.objects.get(catalogNumber));
  const newPage = dictOf(second.objects.get(pageNumber));
  const need = (holds, en) => { if (!holds) throw beyond(en); };
  need(newCatalog && newPage, 'the catalog or the page is not renewed');
  const form = newCatalog.get('AcroForm');
  need(onlyKeys(form, 'Fields', 'SigFlags') && form.get('SigFlags') === 3, 'the form has something else than one signature');
  const fields = form.get('Fields');
  need(Array.isArray(fields) && fields.length === 1, 'there is not exactly one form field');
  const widget = dictOf(follow(second, fields[0]));
  need(widget, 'the form field is missing');
  const signature = dictOf(follow(second, widget.get('V')));
  need(signature, 'the signature is missing');
  const permissions = newCatalog.get('Perms');
  need(onlyKeys(permissions, 'DocMDP') && equal(permissions.get('DocMDP'), widget.get('V')), 'the DocMDP permission points elsewhere');
  const appearances = widget.get('AP');
  need(onlyKeys(appearances, 'N'), 'the form field has no appearance');
  const appearance = follow(second, appearances.get('N'));
  need(onlyKeys(widget, 'Type', 'Subtype', 'FT', 'T', 'TU', 'V', 'P', 'Rect', 'F', 'AP') && isName(widget.get('Type'), 'Annot') && isName(widget.get('Subtype'), 'Widget')
    && isName(widget.get('FT'), 'Sig') && isText(widget.get('T'), 'signature') && equal(widget.get('P'), new Ref(pageNumber))
    && equal(widget.get('Rect'), [-10, -10, -10, -10]) && widget.get('F') === 132, 'the form field is not the one that is written');
  need(appearance instanceof Stream && appearance.from === appearance.to && onlyKeys(appearance.dict, 'Type', 'Subtype', 'BBox', 'Length')
    && isName(appearance.dict.get('Type'), 'XObject') && isName(appearance.dict.get('Subtype'), 'Form') && equal(appearance.dict.get('BBox'), [0, 0, 0, 0]), 'the form field shows something');
  const associated = newCatalog.get('AF');
  const specificationRef = Array.isArray(associated) ? associated[associated.length - 1] : null;
  const specification = dictOf(follow(second, specificationRef));
  const file = embedded(second, specification, 'certificate.tlog-proof');
  need(file && onlyKeys(file.dict, 'Type', 'Subtype', 'Params', 'Length') && isName(file.dict.get('Type'), 'EmbeddedFile') && isName(file.dict.get('Subtype'), 'text/plain')
    && onlyKeys(specification, 'Type', 'F', 'UF', 'AFRelationship', 'Desc', 'EF'), 'the proof is not attached, or in another way');
  const files = new Map(oldCatalog.get('Names').get('EmbeddedFiles'));
  files.set('Names', [new Text(ascii('certificate.tlog-proof'), 0, 0), specificationRef, ...files.get('Names')]);
  const catalog = new Map(oldCatalog).set('AcroForm', form).set('Perms', permissions).set('AF', [...oldCatalog.get('AF'), specificationRef])
    .set('Names', new Map(oldCatalog.get('Names')).set('EmbeddedFiles', files));
  const page = new Map(oldPage).set('Annots', [fields[0]]);
  need(equal(catalog, newCatalog) && equal(page, newPage), 'the catalog or the page is changed in more than the signature needs');
  const expected = [catalogNumber, pageNumber, fields[0].number, widget.get('V').number, specificationRef.number, appearances.get('N').number, specification.get('EF').get('F').number];
  const there = [...second.objects.keys()];
  need(there.length === 7 && new Set(expected).size === 7 && expected.every((n) => second.objects.has(n)), 'there are other objects than the proof, the signature and its field');
  need(expected.filter((n) => first.objects.has(n)).length === 2, 'other objects than the catalog and the page are replaced');
  return { file, signature };
}
function trailersFit(first, second) {
  const [a, b] = [first.trailer, second.trailer];
  if (!onlyKeys(a, 'Size', 'Root', 'Info', 'ID') || !onlyKeys(b, 'Size', 'Root', 'Info', 'ID', 'Prev')
    || !['Root', 'Info', 'ID'].every((k) => equal(a.get(k), b.get(k))) || b.get('Prev') !== first.xrefAt) throw shape('the trailers of the two revisions do not fit together');
}
/** What is signed, and what stands in the gap. */
function gap(bytes, dict) {
  const need = (holds, en) => { if (!holds) throw unsigned(en); };
  need(onlyKeys(dict, 'Type', 'Filter', 'SubFilter', 'ByteRange', 'Contents', 'M', 'Name', 'Reference') && isName(dict.get('Type'), 'Sig') && isName(dict.get('Filter'), 'Adobe.PPKLite')
    && isName(dict.get('SubFilter'), 'ETSI.CAdES.detached'), 'the signature dictionary is not the one that is written');
  const parameters = new Map([['Type', new Name('TransformParams')], ['P', 1], ['V', new Name('1.2')]]);
  const reference = new Map([['Type', new Name('SigRef')], ['TransformMethod', new Name('DocMDP')], ['TransformParams', parameters]]);
  need(equal(dict.get('Reference'), [reference]), 'the signature does not forbid every later change');
  const contents = dict.get('Contents');
  need(contents instanceof Text && bytes[contents.from] === 60 && contents.bytes.length === 1536, 'the signature has no contents of our kind');
  need(equal(dict.get('ByteRange'), [0, contents.from, contents.to, bytes.length - contents.to]), 'the signature does not cover the whole file but its own contents');
  return { covered: join(bytes.subarray(0, contents.from), bytes.subarray(contents.to)), contents: contents.bytes };
}

// ---- DER, the canonical CMS, the chain ----------------------------------------------------------------------------------------
const der = (tag, ...parts) => {
  const body = join(...parts);
  const n = body.length;
  return join(n < 128 ? [tag, n] : n < 256 ? [tag, 0x81, n] : [tag, 0x82, n >> 8, n & 255], body);
};
/** The element at the beginning: tag, content, all its bytes, what follows. */
function enter(bytes, wanted) {
  let length = bytes[1];
  let head = 2;
  if (length === 0x81) { length = bytes[2]; head = 3; } else if (length === 0x82) { length = bytes[2] * 256 + bytes[3]; head = 4; } else if (!(length < 128)) throw unsigned('an ASN.1 element cannot be read');
  if (head + length > bytes.length || (wanted !== undefined && bytes[0] !== wanted)) throw unsigned('an ASN.1 element is not what is wanted there');
  return { tag: bytes[0], body: bytes.subarray(head, head + length), all: bytes.subarray(0, head + length), rest: bytes.subarray(head + length) };
}
function children(bytes) {
  const out = [];
  while (bytes.length) { const one = enter(bytes); out.push(one); bytes = one.rest; }
  return out;
}
const SHA = bytesOf('300b0609608648016503040201');
const ECDSA = bytesOf('300a06082a8648ce3d040302');
const DATA = bytesOf('06092a864886f70d010701');
const SIGNED = bytesOf('06092a864886f70d010702');
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const integer = (bytes) => BigInt('0x' + (hexOf(bytes) || '0'));
function signatureValue(bytes, low) {
  const { body, rest } = enter(bytes, 0x30);
  const [r, s, ...more] = children(body);
  const good = (n) => n && n.tag === 2 && n.body.length <= 33 && n.body.length > 0 && n.body[0] < 128 && !(n.body.length > 1 && n.body[0] === 0 && n.body[1] < 128);
  if (rest.length || more.length || !good(r) || !good(s)) throw unsigned('the signature value is not one of P-256');
  const [x, y] = [integer(r.body), integer(s.body)];
  if (x < 1n || y < 1n || x >= ORDER || y >= ORDER || (low && y > ORDER >> 1n)) throw unsigned('the signature value is not the canonical one');
  return bytesOf(x.toString(16).padStart(64, '0') + y.toString(16).padStart(64, '0'));
}
function certificate(bytes) {
  const outer = enter(bytes, 0x30);
  if (outer.rest.length) throw unsigned('something stands behind a certificate');
  const [tbs, algorithm, value] = children(outer.body);
  const fields = children(tbs.body);
  const [version, serial, inner, issuer, validity, subject, key, extensions] = fields;
  if (fields.length !== 8 || version.tag !== 0xa0 || extensions.tag !== 0xa3 || !same(algorithm.all, ECDSA) || !same(inner.all, ECDSA)) throw unsigned('a certificate has another shape');
  const time = (t) => {
    const text = latin(t.body);
    const full = t.tag === 0x17 ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') + text : text;
    const m = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
    if (!m) throw unsigned('the validity of a certificate cannot be read');
    return Date.UTC(m[1], m[2] - 1, m[3], m[4], m[5], m[6]);
  };
  const known = new Map();
  for (const extension of children(enter(extensions.body, 0x30).body)) {
    const parts = children(extension.body);
    known.set(hexOf(parts[0].body), { critical: parts.length === 3, value: enter(parts[parts.length - 1].all, 4).body });
  }
  return { bytes, tbs: tbs.all, value: value.body.subarray(1), issuer: issuer.all, subject: subject.all, serial: serial.all, spki: key.all, extensions: known, from: time(children(validity.body)[0]), to: time(children(validity.body)[1]) };
}
async function signedBy(spki, data, value) {
  const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, value, data);
}
const KEY_USAGE = '551d0f';
const usage = (c) => { const e = c.extensions.get(KEY_USAGE); return e ? enter(e.value, 3).body[1] || 0 : 0; };
const isAuthority = (c) => { const e = c.extensions.get('551d13'); return !!e && children(enter(e.value, 0x30).body).some((x) => x.tag === 1 && x.body[0] === 255); };
async function chain(signer, root, at) {
  const need = (holds, en) => { if (!holds) throw new Wrong('signer', '签名者不是所给发证机关', en); };
  need(isAuthority(root) && (usage(root) & 4) && await signedBy(root.spki, root.tbs, signatureValue(root.value, false)), 'the given issuer is not one that may sign certificates');
  need(same(signer.issuer, root.subject) && await signedBy(root.spki, signer.tbs, signatureValue(signer.value, false)), 'the signer was not certified by the given issuer');
  need((usage(signer) & 0xc0) === 0xc0 && !(usage(signer) & 4) && !isAuthority(signer), "the signer's key is not for signing documents");
  const eku = signer.extensions.get('551d25');
  const uses = eku ? children(enter(eku.value, 0x30).body).map((x) => hexOf(x.body)) : null;
  need(!uses || (uses.includes('2b06010505070304') && uses.includes('2b06010505070324')), "the signer's key is for another use");
  const read = ['551d0f', '551d13', '551d25', '551d0e', '551d23'];
  need([...signer.extensions].every(([id, e]) => !e.critical || read.includes(id)), "the signer's certificate has a critical extension that is not known");
  for (const c of [signer, root]) {
    if (at < c.from) throw new Wrong('signer_not_yet_valid', '签名证书尚未生效', "the signer's certificate was not valid yet");
    if (at > c.to) throw new Wrong('signer_expired', '签名证书已过期，离线无法判断签发时间', "the signer's certificate has run out, and nothing a witness signed shows that it was issued before");
  }
}
/** Rebuilds the one CMS from digest, certificate and value, and compares. */
async function canonicalCms(covered, contents) {
  let at = enter(contents, 0x30);
  at = enter(enter(at.body, 6).rest, 0xa0);
  let rest = enter(at.body, 0x30).body;
  for (const tag of [2, 0x31, 0x30]) rest = enter(rest, tag).rest;
  const cert = enter(rest, 0xa0);
  rest = enter(enter(cert.rest, 0x31).body, 0x30).body;
  for (const tag of [2, 0x30, 0x30, 0xa0, 0x30]) rest = enter(rest, tag).rest;
  const value = enter(rest, 4).body;
  const raw = signatureValue(value, true);
  const signer = certificate(cert.body);
  const attribute = (id, ...v) => der(0x30, bytesOf(id), der(0x31, ...v));
  const attributes = join(
    attribute('06092a864886f70d010903', DATA),
    attribute('06092a864886f70d010904', der(4, await sha256(covered))),
    attribute('060b2a864886f70d010910022f', der(0x30, der(0x30, der(0x30, der(4, await sha256(cert.body)))))));
  const one = [2, 1, 1];
  const info = der(0x30, one, der(0x30, signer.issuer, signer.serial), SHA, der(0xa0, attributes), ECDSA, der(4, value));
  const rebuilt = der(0x30, SIGNED, der(0xa0, der(0x30, one, der(0x31, SHA), der(0x30, DATA), der(0xa0, cert.body), der(0x31, info))));
  if (!startsAt(contents, 0, rebuilt)) throw unsigned('the signature is for other bytes, or not written as it must be');
  if (contents.subarray(rebuilt.length).some((b) => b)) throw unsigned('something stands behind the signature');
  if (!(await signedBy(signer.spki, der(0x31, attributes), raw))) throw unsigned("the signature was not made with the signer's key");
  return signer;
}

// ---- Ed25519 (RFC 8032), for browsers whose WebCrypto has none ------------------------------------------------------------------
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (n, m = P) => ((n % m) + m) % m;
function power(base, exponent) {
  let out = 1n;
  for (base = mod(base); exponent > 0n; exponent >>= 1n, base = base * base % P) if (exponent & 1n) out = out * base % P;
  return out;
}
const D = mod(-121665n * power(121666n, P - 2n));
const little = (bytes) => integer(Uint8Array.from(bytes).reverse());
function point(bytes) {
  const y = little(bytes) & (2n ** 255n - 1n);
  if (y >= P) return null;
  const [u, v] = [mod(y * y - 1n), mod(D * y * y + 1n)];
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
  if (mod(v * x * x - u)) { if (mod(v * x * x + u)) return null; x = mod(x * power(2n, (P - 1n) / 4n)); }
  const odd = BigInt(bytes[31] >> 7);
  if (!x && odd) return null;
  return { x: (x & 1n) === odd ? x : mod(-x), y };
}
function add(a, b) {
  const k = mod(D * a.x * b.x * a.y * b.y);
  return { x: mod((a.x * b.y + a.y * b.x) * power(1n + k, P - 2n)), y: mod((a.y * b.y + a.x * b.x) * power(1n - k, P - 2n)) };
}
function times(p, n) {
  let out = { x: 0n, y: 1n };
  for (; n > 0n; n >>= 1n, p = add(p, p)) if (n & 1n) out = add(out, p);
  return out;
}
const BASE = point(bytesOf('58' + '66'.repeat(31)));
async function ownEd25519(key, message, signature) {
  const [a, r, s] = [point(key), point(signature.subarray(0, 32)), little(signature.subarray(32))];
  if (!a || !r || s >= L) return false;
  const k = little(new Uint8Array(await crypto.subtle.digest('SHA-512', join(signature.subarray(0, 32), key, message)))) % L;
  const [left, right] = [times(BASE, s), add(r, times(a, k))];
  return left.x === right.x && left.y === right.y;
}
async function ed25519(key, message, signature) {
  if (signature.length !== 64) return false;
  try {
    const imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, message);
  } catch (_) { return ownEd25519(key, message, signature); }
}

// ---- notes, proofs, claims --------------------------------------------------------------------------------------------------------
async function noteKey(line, kind) {
  const m = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line.trim());
  const material = m && strictBase64(m[3]);
  if (!material || material.length !== 33 || material[0] !== kind) throw new Wrong('log_key', '日志公钥无法读取', 'a key line cannot be read');
  const id = (await sha256(utf8.encode(m[1] + '\n'), material)).subarray(0, 4);
  if (hexOf(id) !== m[2]) throw new Wrong('log_key', '日志公钥无法读取', 'a key line has another id');
  return { name: m[1], id, key: material.subarray(1) };
}
function splitNote(note) {
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n') || note.includes('\r')) return null;
  const signatures = note.slice(at + 2).split('\n').map((line) => /^— (\S+) (\S+)$/.exec(line)).filter(Boolean).map((m) => [m[1], strictBase64(m[2])]);
  return { text: note.slice(0, at + 1), signatures: signatures.filter(([, b]) => b) };
}
async function noteSigned(note, key) {
  for (const [name, bytes] of note.signatures) {
    if (name === key.name && same(bytes.subarray(0, 4), key.id) && await ed25519(key.key, utf8.encode(note.text), bytes.subarray(4))) return true;
  }
  return false;
}
async function cosigned(note, key) {
  for (const [name, bytes] of note.signatures) {
    if (name !== key.name || bytes.length !== 76 || !same(bytes.subarray(0, 4), key.id)) continue;
    const seconds = integer(bytes.subarray(4, 12));
    if (await ed25519(key.key, utf8.encode('cosignature/v1\ntime ' + seconds + '\n' + note.text), bytes.subarray(12))) return Number(seconds) * 1000;
  }
  return null;
}
const decimal = (text) => (/^(0|[1-9]\d{0,14})$/.test(text || '') ? Number(text) : null);
async function checkProof(bytes, trust) {
  const broken = (en) => new Wrong('proof', '日志存证不成立', en);
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const cut = text.indexOf('\n\n');
  if (cut < 0) throw broken('the proof has no checkpoint');
  const lines = text.slice(0, cut).split('\n');
  const leafBytes = (lines[1] || '').startsWith('extra ') && strictBase64(lines[1].slice(6));
  const index = (lines[2] || '').startsWith('index ') ? decimal(lines[2].slice(6)) : null;
  const path = lines.slice(3).map(strictBase64);
  if (lines[0] !== 'c2sp.org/tlog-proof@v1' || !leafBytes || index === null || path.some((h) => !h || h.length !== 32)) throw broken('the proof cannot be read');
  const note = splitNote(text.slice(cut + 2));
  if (!note) throw broken('the checkpoint is no signed note');
  const [origin, sizeText, rootText, end, ...more] = note.text.split('\n');
  const [size, root] = [decimal(sizeText), strictBase64(rootText || '')];
  if (size === null || !root || end !== '' || more.length) throw broken('the checkpoint has other lines than origin, size and root');
  const logs = trust.logs.filter((log) => log.name === origin);
  let signed = false;
  for (const log of logs) signed = signed || await noteSigned(note, log);
  if (!signed) throw broken('the checkpoint is not signed by the log');
  if (index >= size) throw broken('the index is not in the tree');
  let [hash, number, last] = [await sha256([0], leafBytes), BigInt(index), BigInt(size - 1)];
  for (const sibling of path) {
    if (last === 0n) throw broken('the path is too long');
    if (number & 1n || number === last) {
      hash = await sha256([1], sibling, hash);
      while (!(number & 1n) && number) { number >>= 1n; last >>= 1n; }
    } else hash = await sha256([1], hash, sibling);
    number >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n || !same(hash, root)) throw broken('the leaf is not in the tree of the checkpoint');
  const seen = [];
  for (const [place, witness] of trust.witnesses.entries()) {
    const at = await cosigned(note, witness);
    if (at !== null) seen.push([at, place]);
  }
  seen.sort((a, b) => a[0] - b[0]);
  return { leaf: canonical(leafBytes, broken), index, seen };
}
/** One flat object of strings, and these bytes are the only way to write it. */
function canonical(bytes, wrong) {
  let text; let object;
  try { text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes); object = JSON.parse(text); } catch (_) { throw wrong('it is no JSON'); }
  const keys = Object.keys(object || {});
  const good = object && !Array.isArray(object) && keys.every((k) => /^[a-z_0-9]+$/.test(k) && typeof object[k] === 'string' && object[k].normalize('NFC') === object[k]);
  if (!good) throw wrong('it is not one flat object of texts');
  const written = '{' + keys.sort().map((k) => JSON.stringify(k) + ':' + JSON.stringify(object[k])).join(',') + '}';
  if (written !== text) throw wrong('it is not written in the one way');
  return object;
}
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
async function faceCode(salt, commitment) {
  const key = await crypto.subtle.importKey('raw', bytesOf(salt), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = integer(new Uint8Array(await crypto.subtle.sign('HMAC', key, join(ascii('juanzong/face/v1\0'), commitment)))) >> 161n;
  const values = [];
  for (let i = 18n; i >= 0n; i--) values.push(Number(mac >> 5n * i & 31n));
  let p = 32;
  for (const v of values) { const s = (p + v) % 32 || 32; p = s * 2 % 33; }
  values.push((33 - p) % 32);
  return values.map((v) => CROCKFORD[v]).join('').match(/.{5}/g).join('-');
}
const met = (quorum, seen) => (quorum === null ? true : typeof quorum === 'number' ? seen.includes(quorum) : quorum.of.filter((q) => met(q, seen)).length >= quorum.wanted);

// ---- all of it, in the order of docs/certificate.md ------------------------------------------------------------------------------
async function trusted(given) {
  const trust = { root: certificate(base64(given.issuer)), logs: [], witnesses: [], quorum: given.quorum };
  for (const line of given.logs) trust.logs.push(await noteKey(line, 1));
  for (const line of given.witnesses) trust.witnesses.push(await noteKey(line, 4));
  if (given.status) trust.status = await statusList(given.status);
  return trust;
}
async function statusList({ note, list, key }) {
  const wrong = (en) => new Wrong('status_list', '状态清单不成立', en);
  const [read, file, signer] = [splitNote(note), base64(list), await noteKey(key, 1)];
  if (!read || !(await noteSigned(read, signer))) throw wrong('the status list is not signed by the given key');
  const [name, size, at, digest, length] = read.text.split('\n');
  if (name !== signer.name || digest !== hexOf(await sha256(file)) || Number(length) !== file.length) throw wrong('the file is another one than the status list says');
  const reader = new Response(new Blob([file]).stream().pipeThrough(new DecompressionStream('gzip')));
  return { size: Number(size), at: Date.parse(at), bits: new Uint8Array(await reader.arrayBuffer()) };
}
async function everything(bytes, trust, now) {
  const begin = secondBegins(bytes);
  const firstBytes = bytes.subarray(0, begin - 1);
  const first = readFirst(firstBytes);
  const second = readRevision(bytes, begin);
  trailersFit(first, second);
  const claimsBytes = await decoded(bytes, claimsStream(first));
  const added = additions(first, second);
  const proof = await decoded(bytes, added.file);
  const { covered, contents } = gap(bytes, added.signature);
  const signer = await canonicalCms(covered, contents);
  const contradiction = (en) => new Wrong('contradiction', '文件各部分互相矛盾', en);
  const logged = await checkProof(proof, trust);
  const { leaf } = logged;
  if (!['issue', 'supersede'].includes(leaf.t) || leaf.v !== '1' || leaf.alg !== 'sha-256') throw contradiction('the leaf is not one of an issue');
  if (leaf.b !== hexOf(await sha256(firstBytes)) || leaf.bl !== String(firstBytes.length)) throw contradiction('the leaf is for another first revision');
  if (leaf.k !== hexOf(await sha256(signer.bytes))) throw contradiction('the leaf names another signer');
  const claims = canonical(claimsBytes, (en) => new Wrong('claims', '所附事项不是签发格式', en));
  const commitment = await sha256(ascii('juanzong/claims/v1\0'), claimsBytes);
  if (leaf.c !== hexOf(commitment)) throw contradiction('the leaf is for other claims');
  if (claims.issued_at !== leaf.at) throw contradiction('claims and leaf say different instants of issue');
  const enough = met(trust.quorum, logged.seen.map(([, place]) => place));
  if (!enough) throw new Wrong('witnesses', '日志见证不足', 'fewer witnesses than asked for have seen the log');
  const earliest = logged.seen.length ? logged.seen[0][0] : null;
  await chain(signer, trust.root, earliest !== null && trust.quorum !== null ? earliest : now);
  const at = Date.parse(leaf.at);
  if (earliest !== null && (earliest < at || earliest > at + 86400000)) throw new Wrong('backdated', '签发时间与见证时间相差过大', 'it says another time of issue than its witnesses: backdated or delayed');
  return { claims, leaf, index: logged.index, witnesses: logged.seen.length, commitment: hexOf(commitment), code: await faceCode(claims.salt, commitment) };
}
async function verify(bytes, trust, now = Date.now()) {
  const result = { answer: 'not_ours', reason: null, sha256: hexOf(await sha256(bytes)), witnesses: 0, status_as_of: null };
  try {
    Object.assign(result, { answer: 'authentic' }, await everything(bytes, trust, now));
    if (trust.status && result.index < trust.status.size) {
      const state = trust.status.bits[result.index >> 2] >> (6 - 2 * (result.index & 3)) & 3;
      result.answer = ['authentic', 'superseded', 'revoked', 'revoked'][state];
      result.status_as_of = new Date(trust.status.at).toISOString();
      result.stale = now > trust.status.at + 86400000;
    }
  } catch (error) {
    const wrong = error instanceof Wrong ? error : shape('the file cannot be read: ' + error.message);
    result.answer = ['signer_expired', 'signer_not_yet_valid', 'witnesses', 'status_list', 'log_key'].includes(wrong.code) ? 'could_not_tell' : 'not_ours';
    result.reason = { code: wrong.code, zh: wrong.zh, en: wrong.en };
  }
  return result;
}
