"""Points discord.py, its forks (py-cord, disnake, nextcord) and hikari at the local Discord, without a change to the bot.

Loaded by Python at start-up because its folder is on PYTHONPATH. Modules are patched right after they have been
imported. Addresses come from the environment: COGWRIGHT_API_BASE, COGWRIGHT_GATEWAY_URL, COGWRIGHT_CDN_BASE.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys

API = os.environ.get("COGWRIGHT_API_BASE", "")
GATEWAY = os.environ.get("COGWRIGHT_GATEWAY_URL", "")
CDN = os.environ.get("COGWRIGHT_CDN_BASE", "")


def report(library):
    """Tells `cogwright sim exec` that a library was found."""
    path = os.environ.get("COGWRIGHT_SHIM_REPORT")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(library + "\n")


def patch_http(module):
    module.Route.BASE = API + "/v10"
    # py-cord builds its address from this instead.
    if hasattr(module.Route, "API_BASE_URL"):
        module.Route.API_BASE_URL = API + "/v{API_VERSION}"
    report(module.__name__.partition(".")[0] + " (Python)")


def patch_gateway(module):
    import yarl

    socket = module.DiscordWebSocket
    if hasattr(socket, "DEFAULT_GATEWAY"):
        socket.DEFAULT_GATEWAY = yarl.URL(GATEWAY + "/")


def patch_asset(module):
    module.Asset.BASE = CDN
    if hasattr(module.Asset, "BASE_MEDIA"):
        module.Asset.BASE_MEDIA = CDN


def patch_hikari(module):
    module.REST_API_URL = API + "/v10"
    module.CDN_URL = module.MEDIA_PROXY_URL = CDN
    report("hikari (Python)")


PATCHES = {"hikari.urls": patch_hikari}
# disnake and nextcord have kept the modules of discord.py.
for fork in ("discord", "disnake", "nextcord"):
    PATCHES[fork + ".http"] = patch_http
    PATCHES[fork + ".gateway"] = patch_gateway
    PATCHES[fork + ".asset"] = patch_asset


class PatchingLoader(importlib.abc.Loader):
    """Runs the real loader, then the patch."""

    def __init__(self, loader, patch):
        self.loader = loader
        self.patch = patch

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        self.loader.exec_module(module)
        self.patch(module)

    def __getattr__(self, name):
        return getattr(self.loader, name)


class Finder(importlib.abc.MetaPathFinder):
    """Wraps the loader of the modules that are to be patched."""

    def find_spec(self, name, path=None, target=None):
        patch = PATCHES.get(name)
        if patch is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader = PatchingLoader(spec.loader, patch)
        return spec


def load_next_sitecustomize():
    """Another sitecustomize further down the path still runs."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if API:
    sys.meta_path.insert(0, Finder())
load_next_sitecustomize()
