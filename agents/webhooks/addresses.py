"""Where a webhook may point: at the open internet over https, and at one's own networks only where the settings say so.

Whoever may make a webhook chooses where our server connects to. A name is looked up when the webhook is made and again before every
attempt, and the attempt goes to the very address that was looked at, so that no name can point elsewhere in between.
"""

import asyncio
import ipaddress
import socket
from concurrent.futures import Executor

import httpx

from alignment.errors import BadRequest, Refused

LONGEST_URL = 2000
LOOKUP_S = 5.0
NAT64 = ipaddress.ip_network("64:ff9b::/96")
OPEN_ADDRESS = "Use an https address on the open internet."
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


async def must_be_reachable(url: str, *, private: bool, names: Executor | None = None) -> tuple[str, ...]:
    """The IP addresses behind a webhook's URL, in the order to try them.

    BadRequest for what is no such URL; Refused where it is not https (http is for this machine alone), where its name is not known, or
    where any of its addresses is none that may be reached: with `private` this machine and private networks may, a link-local address,
    where clouds keep their secrets, never. `names` are the threads in which names are looked up.
    """
    parsed = _parsed(url)
    found = await _looked_up(parsed, names)
    if not all(_allowed(a, private) for a in found):  # which address is not told: whoever asks may be looking for it
        raise Refused("The webhook's host has an address that may not be reached", where=parsed.host, todo=OPEN_ADDRESS)
    if parsed.scheme == "http" and not all(_plain(a).is_loopback for a in found):
        raise Refused("A webhook without TLS may point at this machine alone", where=parsed.host, todo=OPEN_ADDRESS)
    return tuple(str(a) for a in found)


def _parsed(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url) if len(url) <= LONGEST_URL else None
    except (httpx.InvalidURL, ValueError):
        parsed = None
    if parsed is None or not parsed.host or parsed.scheme not in ("https", "http"):
        raise BadRequest("That is not the URL of a webhook", where="url", todo=OPEN_ADDRESS)
    if parsed.userinfo or parsed.fragment:
        raise BadRequest("A webhook's URL holds no password and no fragment", where="url", todo=OPEN_ADDRESS)
    return parsed


async def _looked_up(url: httpx.URL, names: Executor | None) -> tuple[Address, ...]:
    port = url.port or (443 if url.scheme == "https" else 80)
    host = url.raw_host.decode("ascii").strip("[]")
    looking = asyncio.get_running_loop().run_in_executor(names, _addresses, host, port)
    try:
        return await asyncio.wait_for(looking, LOOKUP_S)
    except (OSError, TimeoutError, UnicodeError) as e:
        raise Refused("The webhook's host cannot be found", where=url.host, todo="Check its spelling, or try again later.") from e


def _addresses(host: str, port: int) -> tuple[Address, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ipaddress.ip_address(address[0]) for *_, address in found))


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    within = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    return within or address


def _allowed(address: Address, private: bool) -> bool:
    plain = _plain(address)
    if plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    if private and (plain.is_private or plain.is_loopback):
        return True
    return plain.is_global
