"""What the sandbox says when it refuses: Stripe's error object and its HTTP status."""

from typing import Any


class Refusal(Exception):
    """An answer that is an error: HTTP status, error type, code and parameter as Stripe names them."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": kind, "message": message, "code": code, "param": param, **more}

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body, without the parts that say nothing."""
        return {"error": {name: value for name, value in self.error.items() if value is not None}}


class UnknownParameters(Refusal):
    """Refused before anything was tried; an idempotency key does not remember such an answer."""


def no_such(kind: str, object_id: str, param: str = "id") -> Refusal:
    """The id names nothing of this kind."""
    return Refusal(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param=param)


def bad(param: str, message: str, code: str | None = "parameter_invalid_empty") -> Refusal:
    """One parameter is wrong."""
    return Refusal(message, param=param, code=code)


def bad_key(message: str) -> Refusal:
    """The secret key is missing, or is none of a test mode."""
    return Refusal(message, status=401)
