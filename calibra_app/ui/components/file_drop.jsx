/* A place to drop or choose files, sent at once. */
import React, { useRef, useState } from "react";

const Icon = ({ name, also = "" }) => (
  <svg className={`icon ${also}`} aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>
);

/* Sends each file to `url` with the session's cookie; the server checks type, size and content again. */
export function FileDrop({ url, accept, mostBytes = 10485760, multiple = true, fields = {}, label, words = {}, onDone, onFault }) {
  const input = useRef(null);
  const [over, setOver] = useState(false);
  const [files, setFiles] = useState([]);
  const note = (name, change) => setFiles((list) => [...list.filter((file) => file.name !== name), { name, ...change }]);
  const send = async (file) => {
    if (file.size > mostBytes) { note(file.name, { fault: words.large }); onFault?.(words.large); return; }
    note(file.name, { busy: true });
    const body = new FormData();
    Object.entries(fields || {}).forEach(([key, value]) => body.append(key, value));
    body.append("file", file);
    try {
      const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
      const said = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Error(said.message || said.detail?.message || (typeof said.detail === "string" ? said.detail : "") || words.failed);
      note(file.name, { done: true });
      onDone?.(String(said.id ?? ""), file.name);
    } catch (fault) { note(file.name, { fault: fault.message || words.failed }); onFault?.(fault.message || words.failed); }
  };
  const take = (list) => [...list].slice(0, multiple ? 20 : 1).forEach(send);
  return (
    <div className="stack gap-8">
      <label className="drop-area" data-over={over} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
        onDrop={(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer.files); }}>
        <Icon name="upload" /><span><b>{label}</b></span><span className="tiny faint">{words.hint}</span>
        <input ref={input} type="file" className="unseen" accept={accept} multiple={multiple} aria-label={label} onChange={(event) => { take(event.target.files); event.target.value = ""; }} />
      </label>
      <ul className="stack gap-4 small" aria-live="polite">
        {files.map((file) => (
          <li key={file.name} className="row"><Icon name={file.fault ? "circle-alert" : file.done ? "circle-check" : "hourglass"} also={file.fault ? "ink-red" : file.done ? "ink-green" : "faint"} />
            <span className="cut">{file.name}</span>{file.fault && <span className="ink-red tiny">{file.fault}</span>}{file.busy && <span className="tiny faint">{words.sending}</span>}</li>
        ))}
      </ul>
    </div>
  );
}
