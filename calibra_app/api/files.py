"""Files out and in: documents by permission, uploads checked before anything is kept."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, Response, UploadFile

from calibra_app.adapters import storage, uploads
from calibra_app.adapters.logo import clean_logo
from calibra_app.api.dependencies import Caller, ask
from calibra_app.core.ids import DocumentId, SheetId
from calibra_app.services.calibrations import export_result
from calibra_app.services.certificates import export_certified
from calibra_app.services.documents import open_document
from calibra_app.services.uploads import UploadDraft, keep_upload, open_upload, require_purpose
from calibra_app.services.validation import export_examples

router = APIRouter()


@router.get("/api/v1/documents/{document_id}")
def get_document(document_id: UUID, actor: Caller, *, inline: bool = False) -> Response:
    """Hand out a printed document; the download is entered in its record."""
    file = ask(actor, open_document, DocumentId(document_id))
    content = storage.get(actor.tenant_id, file.sha256)
    return _file(content, file.name, "application/pdf", inline=inline)


@router.get("/api/v1/sheets/{sheet_id}/result")
def get_result(sheet_id: UUID, actor: Caller) -> Response:
    """Hand out the results of a sheet with all that they were computed from."""
    file = ask(actor, export_result, SheetId(sheet_id))
    return _file(file.text.encode(), file.name, "application/json", inline=False)


@router.get("/api/v1/certificates/{certificate_id}/result")
def get_certified_result(certificate_id: UUID, actor: Caller) -> Response:
    """Hand out the result that a certificate states, with all that it was computed from."""
    file = ask(actor, export_certified, certificate_id)
    return _file(file.text.encode(), file.name, "application/json", inline=False)


@router.get("/api/v1/validation/examples")
def get_examples(actor: Caller) -> Response:
    """Hand out the worked examples with their expected figures, for anybody's own tools."""
    text = ask(actor, export_examples)
    return _file(text.encode(), "worked-examples.json", "application/json", inline=False)


@router.post("/api/v1/files", status_code=201)
def post_file(
    file: UploadFile,
    actor: Caller,
    purpose: Annotated[str, Form(max_length=40)],
    subject_kind: Annotated[str, Form(max_length=40)],
    subject_id: Annotated[UUID, Form()],
) -> dict[str, Any]:
    """Check, redraw and keep an uploaded file; return its id."""
    ask(actor, require_purpose, purpose)
    content = file.file.read(uploads.MOST_BYTES + 1)
    clean = clean_logo(content) if purpose == "logo" else uploads.clean(content)
    digest = storage.put(actor.tenant_id, clean.content)
    stem = (file.filename or "file").replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    draft = UploadDraft(
        purpose=purpose,
        subject_kind=subject_kind,
        subject_id=subject_id,
        name=f"{_printable(stem) or 'file'}.{clean.suffix}",
        media_type=clean.media_type,
        size=len(clean.content),
        sha256=digest,
    )
    return {"id": str(ask(actor, keep_upload, draft)), "name": draft.name, "size": draft.size}


@router.get("/api/v1/files/{file_id}")
def get_file(file_id: UUID, actor: Caller) -> Response:
    """Hand out an uploaded file to the laboratory's own people."""
    file = ask(actor, open_upload, file_id)
    content = storage.get(actor.tenant_id, file.sha256)
    return _file(content, file.name, file.media_type, inline=file.media_type.startswith("image/"))


def _file(content: bytes, name: str, media_type: str, *, inline: bool) -> Response:
    place = "inline" if inline else "attachment"
    return Response(
        content,
        media_type=media_type,
        headers={
            "content-disposition": f"{place}; filename*=UTF-8''{quote(name)}",
            "cache-control": "private, no-store",
            # Whatever it is, it runs nothing and loads nothing.
            "content-security-policy": "default-src 'none'; img-src 'self'; sandbox",
        },
    )


def _printable(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable() and sign not in '/\\:*?"<>|')[:120]
