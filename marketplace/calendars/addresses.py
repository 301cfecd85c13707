"""Where a calendar may be: addresses as people give them, and machines that we never call. Pure."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from marketplace.calendars.trouble import Trouble
from marketplace.settings import LocalNetwork

NAT64 = IPv6Network("64:ff9b::/96")
PORTS = {"http": 80, "https": 443}
MOST_LETTERS = 2000


def normal(address: str) -> str:
    """An http(s) address of what was typed or pasted; a bare server is https, webcal:// is https. Trouble."""
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    parts = split(address)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def split(address: str) -> SplitResult:
    """The parts of an address; Trouble `bad-address` for anything but http(s) with a host and a possible port."""
    try:
        parts = urlsplit(address)
        parts = parts._replace(scheme={"webcal": "https", "webcals": "https"}.get(parts.scheme, parts.scheme))
        parts.hostname and parts.hostname.encode("idna")
        possible = parts.scheme in PORTS and parts.hostname and parts.port != 0
    except ValueError:
        possible = False
    if not possible or len(address) > MOST_LETTERS or re.search(r"[\s\x00-\x1f\x7f]", address):
        raise Trouble("bad-address")
    return parts


def port_of(parts: SplitResult) -> int:
    """The port that is meant."""
    return parts.port or PORTS[parts.scheme]


def login_of(parts: SplitResult) -> tuple[str, str] | None:
    """User and password, where the address carries them."""
    return (unquote(parts.username), unquote(parts.password or "")) if parts.username else None


def is_allowed(ip: str, port: int, local: Sequence[LocalNetwork]) -> bool:
    """Whether this is one of the local places that the installation's settings allow."""
    found = ip_address(ip.partition("%")[0])
    return any(
        found.version == network.version and found in network and wanted in (None, port) for network, wanted in local
    )


def is_public(ip: str) -> bool:
    """Whether an IP address belongs to a machine of the open internet, also behind what wraps an IPv4 address."""
    found = ip_address(ip.partition("%")[0])
    inner = _wrapped(found) if isinstance(found, IPv6Address) else None
    return all(each.is_global and not each.is_multicast and not _is_odd(each) for each in (found, inner) if each)


def mail_addresses(text: str) -> list[str]:
    """Mail addresses inside an address or a name: whose calendar it is (Google's have hers in the path)."""
    return [each.lower() for each in re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", unquote(text))]


def _wrapped(ip: IPv6Address) -> IPv4Address | None:
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _is_odd(ip: IPv4Address | IPv6Address) -> bool:
    """Of protocols' own use (192.0.0.0/24), which Python counts as global in parts."""
    return isinstance(ip, IPv4Address) and int(ip) >> 8 == 0xC00000
