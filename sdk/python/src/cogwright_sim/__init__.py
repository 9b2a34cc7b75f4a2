"""Tests of Discord bots against a local Discord (`cogwright sim`): people, expectations, time and faults.

With pytest the fixtures `sim`, `actors`, `expect`, `clock` and `faults` are there without an import. Everything
here is thin over the control API that the local Discord documents at `/_sim/v1/openapi.json`.
"""

from .bots import Bot
from .clock import Clock
from .control import Control
from .errors import ControlError, ExpectationError, NoAnswer, Refused, StartError
from .expect import Expect
from .faults import Faults
from .people import Actors, Person
from .program import Program
from .server import Server
from .things import File, Interaction, Message
from .world import Sim

__all__ = [
    "Actors",
    "Bot",
    "Clock",
    "Control",
    "ControlError",
    "Expect",
    "ExpectationError",
    "Faults",
    "File",
    "Interaction",
    "Message",
    "NoAnswer",
    "Person",
    "Program",
    "Refused",
    "Server",
    "Sim",
    "StartError",
]
