"""Operations on webhooks: receivers that are told what happens."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Sequence, TypeVar

from .account import (
    CreateWebhookResponse,
    DeleteWebhookResponse,
    ListWebhooksResponse,
    TestWebhookResponse,
    Webhook,
)
from .exchange import Exchange, Request, Steps, decoded, segment
from .settings import API_PATH

T = TypeVar("T")


class WebhookOperations(Exchange):
    """Webhooks belong to the identity that made them, and tell what it may see."""

    def create_webhook(
        self,
        url: str,
        types: Optional[Sequence[str]] = None,
        include_content: bool = False,
        from_offset: Optional[int] = None,
    ) -> Steps[CreateWebhookResponse]:
        """Tell ``url`` (https, and a public address) what happens, in order, in the form of Standard Webhooks.

        ``types`` are types of events (every one unless given); ``include_content`` sends what memories say, too. It
        begins after the position ``from_offset``, or now. The answer's ``secret`` is shown only this once.
        """
        body = {
            "url": url,
            "types": None if types is None else list(types),
            "include_content": include_content,
            "from_offset": from_offset,
        }
        return self._manage(CreateWebhookResponse.from_wire, "POST", "/webhooks", body)

    def list_webhooks(self) -> Steps[ListWebhooksResponse]:
        """Return the webhooks that this identity made."""
        return self.read(ListWebhooksResponse.from_wire, "/webhooks")

    def delete_webhook(self, webhook_id: str) -> Steps[DeleteWebhookResponse]:
        """Tell it no more. Raises NotFoundError when there is no such webhook."""
        return self._manage(DeleteWebhookResponse.from_wire, "DELETE", f"/webhooks/{segment(webhook_id)}")

    def test_webhook(self, webhook_id: str) -> Steps[TestWebhookResponse]:
        """Send it a test message now, and tell what came of that."""
        return self._manage(TestWebhookResponse.from_wire, "POST", f"/webhooks/{segment(webhook_id)}/test", {})

    def replay_webhook(self, webhook_id: str, from_offset: int) -> Steps[Webhook]:
        """Tell it again what happened after the position ``from_offset``."""
        path = f"/webhooks/{segment(webhook_id)}/replay"
        return self._manage(_enveloped, "POST", path, {"from_offset": from_offset})

    def enable_webhook(self, webhook_id: str) -> Steps[Webhook]:
        """Go on with one that was disabled."""
        return self._manage(_enveloped, "POST", f"/webhooks/{segment(webhook_id)}/enable", {})

    def _manage(
        self, parse: Callable[[Any], T], method: str, path: str, body: Optional[Mapping[str, Any]] = None
    ) -> Steps[T]:
        identity = self.settings.identity.fields()
        # Webhooks are no events: the log holds none of it, and no position comes back.
        fields = None if body is None else {**identity, **{name: v for name, v in body.items() if v is not None}}
        query = identity if body is None else {}
        key = self.chance.unique_id()
        return parse(decoded((yield from self.exchange(Request(method, API_PATH + path, query, fields, key)))))


def _enveloped(value: Any) -> Webhook:
    return Webhook.from_wire(value.get("webhook") if isinstance(value, dict) else None)
