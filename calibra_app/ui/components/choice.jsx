/* A list that the server searches while one types. */
import React, { useEffect, useId, useRef, useState } from "react";

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
          {!options.length && <div className="none" role="option" aria-disabled="true" aria-selected="false">{waiting ? words.searching : words.none}</div>}
        </div>
      )}
    </div>
  );
}
