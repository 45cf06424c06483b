/* Controls that the browser lacks: a list searched on the server, a place to drop files. */
import React, { useEffect, useId, useRef, useState } from "react";

const Icon = ({ name, also = "" }) => (
  <svg className={`icon ${also}`} aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>
);

/* The chosen value goes into a hidden input, so a plain form sends it under `name`. */
export function Combobox({ name, id, options = [], chosen = "", chosenWords = "", placeholder, required, invalid, describedBy, words = {}, onQuery, onChoose }) {
  const list = useId();
  const timer = useRef(null);
  const [text, setText] = useState(chosenWords);
  const [value, setValue] = useState(chosen);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const [waiting, setWaiting] = useState(false);
  useEffect(() => { setText(chosenWords); setValue(chosen); }, [chosen, chosenWords]);
  useEffect(() => setWaiting(false), [options]);
  const query = (next) => {
    clearTimeout(timer.current);
    setWaiting(true);
    timer.current = setTimeout(() => { onQuery?.(next); setTimeout(() => setWaiting(false), 1500); }, 120);
  };
  const choose = (option) => {
    if (!option) return;
    setValue(option.value); setText(option.words); setOpen(false);
    onChoose?.(option.value);
  };
  return (
    <div className="combobox">
      <input type="hidden" name={name} value={value} />
      <input className="control" id={id || name} role="combobox" aria-expanded={open} aria-controls={list} aria-autocomplete="list" autoComplete="off"
        aria-activedescendant={open && options[at] ? `${list}-${at}` : undefined} aria-invalid={invalid || undefined} aria-describedby={describedBy || undefined}
        aria-required={required || undefined} placeholder={placeholder} value={text}
        onFocus={(event) => { event.target.select(); setAt(0); query(""); setOpen(true); }}
        onBlur={() => { setOpen(false); if (!value) setText(""); }}
        onChange={(event) => { setText(event.target.value); setValue(""); setAt(0); setOpen(true); query(event.target.value); }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault(); setOpen(true);
            setAt((at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % Math.max(options.length, 1));
          } else if (event.key === "Enter" && open && options.length) { event.preventDefault(); choose(options[at]); }
          else if (event.key === "Escape" && open) { event.preventDefault(); event.stopPropagation(); setOpen(false); }
        }} />
      {open && (
        <div className="combobox-list" id={list} role="listbox" aria-label={words.list}>
          {options.map((option, place) => (
            <div key={option.value} id={`${list}-${place}`} role="option" aria-selected={place === at} onMouseDown={(event) => { event.preventDefault(); choose(option); }} onMouseMove={() => setAt(place)}>
              {option.words}{option.note && <small>{option.note}</small>}
            </div>
          ))}
          {!options.length && <div className="none">{waiting ? words.searching : words.none}</div>}
        </div>
      )}
    </div>
  );
}

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

/* A native modal dialog that follows a var: the browser keeps the focus inside and closes on Escape. */
export function Modal({ open, label, className = "", children, onClose }) {
  const box = useRef(null);
  useEffect(() => {
    const element = box.current;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);
  return (
    <dialog ref={box} aria-label={label} className={className} onClose={() => open && onClose?.()}
      onMouseDown={(event) => { if (event.target === box.current) onClose?.(); }}>
      {open ? children : null}
    </dialog>
  );
}
