"""The budgets of the engine's benchmark: as users type them, for GTC, and by hand in numpy."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import GTC
import numpy as np


@dataclass(frozen=True)
class TableModel:
    """A budget three times: its text, GTC's form of it, and its partial derivatives by hand."""

    text: str
    inputs: Mapping[str, tuple[float, float, float]]
    by_gtc: Callable[..., Any]
    by_numpy: Callable[..., tuple[Any, list[Any]]]


def _resistance_gtc(r_s: Any, q: Any, alpha: Any, t: Any) -> Any:
    return r_s * q * (1 + alpha * (t - 23))


def _resistance(r_s: Any, q: Any, alpha: Any, t: Any) -> tuple[Any, list[Any]]:
    difference = t - 23
    factor = 1 + alpha * difference
    product = r_s * q
    return product * factor, [q * factor, r_s * factor, product * difference, product * alpha]


def _humidity_gtc(  # noqa: PLR0917 - as many as the budget has
    t_d: Any, t: Any, c_d: Any, c_t: Any, b: Any, e: Any
) -> Any:
    dew, air = t_d + c_d, t + c_t
    return 100 * GTC.exp(b * dew / (e + dew) - b * air / (e + air))


def _humidity(  # noqa: PLR0917 - as many as the budget has
    t_d: Any, t: Any, c_d: Any, c_t: Any, b: Any, e: Any
) -> tuple[Any, list[Any]]:
    dew, air = t_d + c_d, t + c_t
    by_dew, by_air = e + dew, e + air
    ratio_dew, ratio_air = dew / by_dew, air / by_air
    y = 100 * np.exp(b * ratio_dew - b * ratio_air)
    scaled = y * b
    slope_dew = scaled * e / (by_dew * by_dew)
    slope_air = -scaled * e / (by_air * by_air)
    slope_e = scaled * (ratio_air / by_air - ratio_dew / by_dew)
    return y, [slope_dew, slope_air, slope_dew, slope_air, y * (ratio_dew - ratio_air), slope_e]


def _pressure_gtc(  # noqa: PLR0917 - as many as the budget has
    m: Any, g: Any, rho_a: Any, rho_m: Any, gamma: Any, c: Any,
    area: Any, lam: Any, p_n: Any, alpha: Any, t: Any, h: Any,
) -> Any:  # fmt: skip
    force = m * g * (1 - rho_a / rho_m) + gamma * c
    return force / (area * (1 + lam * p_n) * (1 + alpha * (t - 20))) + (860 - rho_a) * g * h


def _pressure(  # noqa: PLR0917 - as many as the budget has
    m: Any, g: Any, rho_a: Any, rho_m: Any, gamma: Any, c: Any,
    area: Any, lam: Any, p_n: Any, alpha: Any, t: Any, h: Any,
) -> tuple[Any, list[Any]]:  # fmt: skip
    ratio = rho_a / rho_m
    buoyancy = 1 - ratio
    weight = m * g
    force = weight * buoyancy + gamma * c
    distortion = 1 + lam * p_n
    difference = t - 20
    expansion = 1 + alpha * difference
    effective = area * distortion * expansion
    piston = force / effective
    head = 860 - rho_a
    slopes = [
        g * buoyancy / effective,
        m * buoyancy / effective + head * h,
        -weight / (rho_m * effective) - g * h,
        weight * ratio / (rho_m * effective),
        c / effective,
        gamma / effective,
        -piston / area,
        -piston * p_n / distortion,
        -piston * lam / distortion,
        -piston * difference / expansion,
        -piston * alpha / expansion,
        head * g,
    ]
    return piston + head * g * h, slopes


INF = math.inf
MODELS: Mapping[str, TableModel] = {
    "4 inputs: resistance by substitution": TableModel(
        "r_s*q*(1 + alpha*(t - 23))",
        {
            "r_s": (100.0, 2e-4, 50.0),
            "q": (1.00012, 3e-6, 9.0),
            "alpha": (5e-6, 1e-6, INF),
            "t": (23.4, 0.1, 12.0),
        },
        _resistance_gtc,
        _resistance,
    ),
    "6 inputs: relative humidity from dew point": TableModel(
        "100*exp(b*(t_d + c_d)/(e + t_d + c_d) - b*(t + c_t)/(e + t + c_t))",
        {
            "t_d": (9.3, 0.02, 9.0),
            "t": (23.0, 0.01, 9.0),
            "c_d": (0.05, 0.05, 30.0),
            "c_t": (-0.02, 0.02, 30.0),
            "b": (17.62, 1e-3, INF),
            "e": (243.12, 0.01, INF),
        },
        _humidity_gtc,
        _humidity,
    ),
    "12 inputs: pressure balance": TableModel(
        "(m*g*(1 - rho_a/rho_m) + gamma*c)/(area*(1 + lam*p_n)*(1 + alpha*(t - 20)))"
        " + (860 - rho_a)*g*h",
        {
            "m": (49.9988, 6e-5, 60.0),
            "g": (9.80665, 4e-6, INF),
            "rho_a": (1.2, 0.004, 20.0),
            "rho_m": (7920.0, 20.0, INF),
            "gamma": (0.031, 1e-3, INF),
            "c": (0.0313, 1e-5, INF),
            "area": (4.90264e-5, 6e-10, 25.0),
            "lam": (5e-12, 3e-13, INF),
            "p_n": (1e7, 1e4, INF),
            "alpha": (2.2e-5, 1e-6, INF),
            "t": (21.3, 0.1, 9.0),
            "h": (0.05, 5e-4, INF),
        },
        _pressure_gtc,
        _pressure,
    ),
}
