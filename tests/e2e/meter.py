"""What comes over the wire to one page."""

from collections import Counter
from urllib.parse import urlsplit

from tests.e2e.room import Phone


class Meter:
    """Counts what comes over the wire to one page: headers and bodies, compressed as they came, and frames."""

    def __init__(self, phone: Phone) -> None:
        self.asked: dict[str, str] = {}  # request -> address
        self.weights: Counter[str] = Counter()  # per address
        wire = phone.context.new_cdp_session(phone.page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", self._note_request)
        wire.on("Network.loadingFinished", lambda end: self._weigh(end, end["encodedDataLength"]))
        wire.on("Network.webSocketCreated", self._note_socket)
        wire.on(
            "Network.webSocketFrameReceived", lambda event: self._weigh(event, len(event["response"]["payloadData"]))
        )

    def _note_request(self, event: dict) -> None:
        # A request that is redirected goes on under the same number: its first answer ends here.
        if answer := event.get("redirectResponse"):
            self._weigh(event, answer["encodedDataLength"])
        self.asked[event["requestId"]] = event["request"]["url"]

    def _note_socket(self, event: dict) -> None:
        self.asked[event["requestId"]] = event["url"]

    def _weigh_frame(self, event: dict) -> None:
        self._weigh(event, len(event["response"]["payloadData"]))

    def _weigh(self, event: dict, weight: float) -> None:
        self.weights[self.asked[event["requestId"]]] += int(weight)

    @property
    def hosts(self) -> set[str]:
        return {urlsplit(address).netloc for address in self.asked.values() if not address.startswith("data:")}
