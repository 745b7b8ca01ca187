"""The lists of many claims, such as the lines of their invoices, one behind the other."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Lines:
    """The lists of a slice of claims: how many items each has, and a column for each field of all items."""

    counts: NDArray[np.int64]
    fields: tuple[Any, ...]

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """Tell to which claim each item belongs."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Tell where each claim's items start."""
        return np.concatenate([np.zeros(1, np.intp), np.cumsum(self.counts)[:-1]]) if len(self.counts) else np.zeros(0, np.intp)

    @cached_property
    def has_all(self) -> bool:
        """Tell whether every claim has an item."""
        return bool((self.counts > 0).all())
