/* A modal dialog that opens and closes with a var. */
import React, { useEffect, useRef } from "react";

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
