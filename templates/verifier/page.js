// The page around the check.
const TRUST = trusted(JSON.parse(document.getElementById('trust').textContent));
const WORDS = {
  authentic: ['✓', '真实：由本机关签发，内容与签发时一致', 'Authentic: issued by this office and unchanged'],
  superseded: ['✗', '真实，但已被新证书替代：请向持证人索取新证书', 'Authentic but superseded: ask the holder for the newer certificate'],
  revoked: ['✗', '已撤销：该证书不再有效', 'Revoked: the certificate is no longer in force'],
  not_ours: ['✗', '无法证明由本机关签发，或文件已被改动、另存：请重新下载原文件', 'Nothing shows that this office issued this very file: it may be altered or saved again; download the original'],
  could_not_tell: ['?', '无法判断', 'Could not tell'],
};
const CLAIMS = [['name', '姓名'], ['title', '资格名称'], ['level', '级别'], ['series', '系列'], ['specialty', '专业'], ['method', '取得方式'], ['committee', '评审委员会'], ['doc_no', '公布文号'],
  ['obtained_on', '取得时间'], ['unit', '工作单位'], ['number', '证书编号'], ['issuer', '发证机关'], ['issued_at', '签发时间']];
const element = (tag, text, kind) => { const e = document.createElement(tag); e.textContent = text; if (kind) e.className = kind; return e; };
function show(result) {
  const out = document.getElementById('result');
  const [sign, zh, en] = WORDS[result.answer];
  out.replaceChildren(element('h2', sign + ' ' + zh, result.answer), element('p', en));
  out.dataset.answer = result.answer;
  if (result.reason) out.append(element('p', result.reason.zh + ' · ' + result.reason.en, 'reason'));
  if (result.claims) {
    const table = document.createElement('table');
    for (const [key, label] of CLAIMS) {
      if (!result.claims[key]) continue;
      const row = table.insertRow();
      row.append(element('th', label), element('td', result.claims[key]));
    }
    const row = table.insertRow();
    row.append(element('th', '查验码'), element('td', result.code));
    out.append(table);
  }
  const list = document.createElement('ul');
  if (result.claims) {
    list.append(element('li', '已查：文件的每一个字节、签名与签名证书、所载事项、日志存证 · checked: every byte, the signature and its certificate, the claims, the log'));
    list.append(element('li', result.witnesses ? '日志经 ' + result.witnesses + ' 个第三方见证 · ' + result.witnesses + ' witnesses have seen the log' : '日志未经第三方见证 · not witnessed'));
    list.append(element('li', '未查：页面上显示的文字是否与上列事项一致，请逐项核对 · not checked: whether the page shows the claims above, compare them'));
    list.append(element('li', result.status_as_of ? '状态截至 ' + result.status_as_of + (result.stale ? '（清单已超过 24 小时）' : '') + ' · status as of then' + (result.stale ? ', an old list' : '')
      : '未查：撤销状态 · not checked: whether it was revoked'));
  }
  list.append(element('li', 'SHA-256 ' + result.sha256, 'hash'));
  out.append(list);
}
async function take(file) {
  if (!file) return;
  if (file.size > 16 * 1024 * 1024) return show({ answer: 'not_ours', reason: { zh: '文件过大', en: 'the file is larger than a certificate' }, sha256: '' });
  show(await verify(new Uint8Array(await file.arrayBuffer()), await TRUST));
}
document.getElementById('file').addEventListener('change', (event) => take(event.target.files[0]));
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); });
TRUST.then((trust) => { document.body.dataset.ready = String(!!trust); }, (error) => { document.getElementById('result').append(element('h2', '? ' + (error.zh || '') + ' ' + error.message)); });
