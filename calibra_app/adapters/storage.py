"""Files by their content: a local folder, S3 or Azure; the key is the digest of the bytes.

Nothing is ever overwritten: equal bytes have one key, other bytes another one. So a document's
recorded digest proves the file, whoever keeps it.
"""

import hashlib
from functools import cache
from urllib.parse import urlsplit

from obstore import get as fetch
from obstore import put as store
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.exceptions import NotFoundError as Missing
from obstore.store import AzureStore, LocalStore, ObjectStore, S3Store

from calibra_app.config import settings
from calibra_app.core.errors import NotFound, Unavailable

DIGEST_LENGTH = 64


@cache
def object_store() -> ObjectStore:
    """Return the place of all files, as the settings name it."""
    url = settings().storage_url
    if not url:
        folder = settings().data / "files"
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(prefix=folder)
    scheme = urlsplit(url).scheme
    if scheme == "s3":
        return S3Store.from_url(url)
    if scheme in {"az", "azure", "abfs", "abfss"}:
        return AzureStore.from_url(url)
    raise Unavailable("CALIBRA_STORAGE_URL begins with s3:// or az://.")


def put(tenant_id: int, content: bytes) -> str:
    """Keep the bytes; return their SHA-256 in hexadecimal, by which they are found again.

    Raises:
        Unavailable: The storage does not answer.
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        store(object_store(), _key(tenant_id, digest), content, mode="create")
    except AlreadyExistsError:
        pass
    except BaseError as error:
        raise Unavailable("The file could not be stored. Try again in a few minutes.") from error
    return digest


def get(tenant_id: int, digest: str) -> bytes:
    """Return the bytes with this digest, having checked that they still have it.

    Raises:
        NotFound: No such file is kept for the laboratory.
        Unavailable: The storage does not answer, or what it keeps has been altered.
    """
    if len(digest) != DIGEST_LENGTH or not set(digest) <= set("0123456789abcdef"):
        raise NotFound("There is no such file.")
    try:
        content = bytes(fetch(object_store(), _key(tenant_id, digest)).bytes())
    except (Missing, FileNotFoundError) as error:
        raise NotFound("There is no such file.") from error
    except BaseError as error:
        raise Unavailable("The storage does not answer. Try again in a few minutes.") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise Unavailable("The stored file has been altered. Ask the operator of the storage.")
    return content


def answers() -> bool:
    """Say whether the storage can be reached."""
    try:
        fetch(object_store(), "calibra-is-it-there").bytes()
    except (Missing, FileNotFoundError):
        return True
    except BaseError:
        return False
    return True


def _key(tenant_id: int, digest: str) -> str:
    # Two levels, because a folder of a million files is slow to open.
    return f"{tenant_id}/{digest[:2]}/{digest}"
