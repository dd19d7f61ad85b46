"""Where a webhook may lead: nowhere inside, unless the settings say so.

Whoever may add a webhook names an address that this program then asks things of, from where it stands. So it asks
nothing of this machine, of private networks or of what only machines of a data centre reach. The name is looked up
once, and what is connected to is the very address that was looked at.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection

import httpx

from post.settings import Network

LONGEST = 2000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LookUp = Callable[[str, int], Awaitable[list[Address]]]

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""Through these an IPv6 address leads to an IPv4 one (RFC 6052)."""
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
_OF_DATA_CENTRES = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24")))
"""Public by their numbers to some, and yet only for the machines of a data centre, which get their secrets there."""
_SETTING = "WEBHOOK_NETWORKS"


class WebhookRefused(Exception):
    """An address that no webhook may have. The message says in one sentence why, and not which."""


def check_address(url: str, networks: Collection[Network] = ()) -> str:
    """Look whether a webhook may have an address, as far as can be told from how it is written.

    Args:
        url: the address.
        networks: where receivers may be, beside the public internet.

    Returns:
        The address as it is kept.

    Raises:
        WebhookRefused: it may not.
    """
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL:
        raise WebhookRefused("That is no address: write it as https://host/path.") from None
    if len(url) > LONGEST:
        raise WebhookRefused(f"The address is longer than {LONGEST} letters: give the receiver a shorter one.")
    if parsed.scheme not in ("https", "http") or not parsed.host:
        raise WebhookRefused("A webhook's address begins with https:// and names a host.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise WebhookRefused("A port is a number from 1 to 65535.")
    if parsed.userinfo or parsed.fragment:
        raise WebhookRefused("A webhook's address has no name, password or # in it: leave them out.")
    host = literal(parsed.host)
    if parsed.scheme == "http" and not (parsed.host == "localhost" or (host is not None and host.is_loopback)):
        raise WebhookRefused("Webhooks go by https; by http only to this machine.")
    if host is None and parsed.host == "localhost":
        host = ipaddress.ip_address("127.0.0.1")
    if host is not None:
        check_place(parsed.scheme, [host], networks)
    return str(parsed)


def check_place(scheme: str, places: Collection[Address], networks: Collection[Network]) -> None:
    """Look whether a webhook may lead to where its name leads.

    Args:
        scheme: http or https.
        places: all the addresses of its host.
        networks: where receivers may be, beside the public internet.

    Raises:
        WebhookRefused: one of them is inside, and in none of the networks; or it is http to another machine.
    """
    if not places:
        raise WebhookRefused("The receiver's name leads nowhere.")
    if any(not _may_be_reached(plain(place), networks) for place in places):
        raise WebhookRefused(
            f"The receiver is on this machine or a private network, to which no webhook leads: if it should, name the"
            f" network in {_SETTING}."
        )
    if scheme == "http" and not all(plain(place).is_loopback for place in places):
        raise WebhookRefused("Webhooks go by https; by http only to this machine.")


def literal(host: str) -> Address | None:
    """The address that a host is written as; None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def plain(place: Address) -> Address:
    """An address as it is in the end: IPv4 where an IPv6 one only stands for that."""
    if isinstance(place, ipaddress.IPv4Address):
        return place
    if place in _TRANSLATED:
        return ipaddress.IPv4Address(int(place) & 0xFFFFFFFF)
    tunnelled = place.teredo[1] if place.teredo else None
    return place.ipv4_mapped or place.sixtofour or tunnelled or place


async def look_up(host: str, port: int) -> list[Address]:
    """The addresses of a host.

    Args:
        host: its name or address.
        port: where it is asked.

    Raises:
        OSError: the name is not known, or nobody can be asked.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = (literal(str(where[0])) for *_, where in found)
    return list(dict.fromkeys(address for address in addresses if address is not None))


def _may_be_reached(place: Address, networks: Collection[Network]) -> bool:
    if any(place in network for network in networks):
        return True
    if isinstance(place, ipaddress.IPv6Address) and place not in _PUBLIC_IPV6:
        return False
    return place.is_global and not place.is_multicast and not any(place in network for network in _OF_DATA_CENTRES)
