# right: error classes of its own, the suggestion as a note, a decorator that is an object
from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any


class RegistryError(ValueError):
    pass


class UnknownModel(RegistryError, LookupError):
    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"unknown model: {name}")
        for match in difflib.get_close_matches(name, known):
            self.add_note(f"Perhaps you meant {match}")


@dataclass
class Registration:
    factory: ModelFactory
    name: str

    def __call__(self, cls: type) -> type:
        if self.name in self.factory.models:
            raise RegistryError(f"{self.name} registered twice")
        self.factory.models[self.name] = cls
        return cls


@dataclass
class ModelFactory:
    models: dict[str, type] = field(default_factory=dict)

    def register(self, name: str) -> Registration:
        return Registration(self, name)

    def create(self, name: str, **options: Any) -> Any:
        match self.models.get(name):
            case None:
                raise UnknownModel(name, list(self.models))
            case cls:
                return cls(**options)

    def names(self) -> frozenset[str]:
        return frozenset(self.models)
