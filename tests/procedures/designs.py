"""Procedures of the sample written as designs, to be held against the coded ones."""

READ = {"name": "i", "title": "Indication", "unit": "{unit}"}
REPEATED = {"name": "d_rep", "title": "Repeatability", "source": "readings", "column": "i"}
STEP = {"name": "d_res", "title": "Resolution", "source": "resolution"}


def resolution_and_unit(unit):
    return [
        {"name": "resolution", "title": "Resolution", "unit": unit},
        {"name": "unit", "title": "Unit", "kind": "text", "default": unit},
        {"name": "points", "title": "Points", "kind": "list", "unit": unit},
    ]


HYGROMETER = {
    "form": "calibra-procedure/1",
    "key": "MP-TEM-05",
    "version": "3",
    "title": "Thermo-hygrometers",
    "discipline": "humidity",
    "budget": "BUD-TEM-05 v2",
    "method": "Comparison with a dew-point mirror in a climatic chamber, after DKD-R 5-8",
    "guide": "DKD-R 5-8",
    "environment": [{"quantity": "temperature", "low": "21", "high": "25", "unit": "°C"}],
    "parameters": [
        *resolution_and_unit("%RH"),
        {"name": "repeats", "title": "Readings", "default": "5"},
        {"name": "chamber_temperature", "title": "Chamber", "unit": "°C", "default": "23"},
        {"name": "chamber_uniformity", "title": "Uniformity", "unit": "%RH", "default": "0.4"},
        {"name": "chamber_stability", "title": "Stability", "unit": "%RH", "default": "0.2"},
        {"name": "temperature_gradient", "title": "Gradient", "unit": "K", "default": "0.05"},
    ],
    "tables": [
        {
            "key": "rh",
            "title": "Relative humidity",
            "function": "relative humidity",
            "blocks": [
                {
                    "unit": "%RH",
                    "nominals": ["points"],
                    "repeats": "repeats",
                    "group": "Relative humidity at {chamber_temperature} °C",
                }
            ],
            "columns": [READ],
            "result": {
                "title": "Error of indication",
                "unit": "%RH",
                "indication": "i",
                "model": "d_rep + d_res + d_hom + d_stab - s_S - d_D - c_t*h*d_t",
            },
            "inputs": [
                {**REPEATED, "unit": "%RH"},
                {**STEP, "unit": "%RH"},
                {"name": "h", "title": "Humidity", "source": "constant", "value": "nominal",
                 "unit": "%RH"},
                {"name": "c_t", "title": "Slope of the saturation pressure", "value": "0.06",
                 "source": "constant", "unit": r"\kelvin\tothe{-1}"},
                {"name": "s_S", "title": "Dew-point mirror", "source": "standard", "unit": "%RH"},
                {"name": "d_D", "title": "Dew-point mirror: drift", "source": "standard",
                 "take": "drift", "unit": "%RH"},
                {"name": "d_hom", "symbol": "δ_hom", "title": "Chamber uniformity",
                 "source": "formula", "width": "chamber_uniformity", "unit": "%RH",
                 "words": "largest difference between two places"},
                {"name": "d_stab", "symbol": "δ_stab", "title": "Chamber stability",
                 "source": "formula", "width": "chamber_stability", "unit": "%RH",
                 "words": "span within the time of measurement"},
                {"name": "d_t", "symbol": "δ_t", "title": "Temperature gradient",
                 "source": "formula", "half_width": "temperature_gradient", "unit": "K",
                 "words": "± 0.05 K between mirror and item"},
            ],
            "limits": [
                {"terms": [{"kind": "constant", "amount": "2.0"}], "source": "maker"},
            ],
        }
    ],
}  # fmt: skip

TORQUE_TOOL = {
    "form": "calibra-procedure/1",
    "key": "MP-TOR-01",
    "version": "4",
    "title": "Hand torque tools",
    "discipline": "torque",
    "budget": "BUD-TOR-01 v2",
    "parameters": [
        *resolution_and_unit("N·m"),
        {"name": "interface_percent", "title": "Drive interface", "unit": "%", "default": "0.4"},
    ],
    "tables": [
        {
            "key": "torque",
            "title": "Clockwise",
            "function": "torque",
            "blocks": [{"unit": "{unit}", "nominals": ["points"], "repeats": "5"}],
            "columns": [READ],
            "result": {
                "title": "Error", "unit": "{unit}", "indication": "i",
                "model": "d_rep + d_res + d_int - s_S - d_D",
            },
            "inputs": [
                {**REPEATED, "unit": "{unit}"},
                {**STEP, "unit": "{unit}"},
                {"name": "s_S", "title": "Torque transducer", "source": "standard",
                 "unit": "{unit}"},
                {"name": "d_D", "title": "Torque transducer: drift", "source": "standard",
                 "take": "drift", "unit": "{unit}"},
                {"name": "d_int", "symbol": "δ_int", "title": "Drive interface",
                 "source": "formula", "width": "nominal*interface_percent/100",
                 "unit": "{unit}", "words": "0.4 % of the torque, full width"},
            ],
            "limits": [
                {"terms": [{"kind": "% of value", "amount": "4"}], "above": "10",
                 "source": "ISO 6789-1"},
                {"terms": [{"kind": "% of value", "amount": "6"}], "source": "ISO 6789-1"},
            ],
        }
    ],
}  # fmt: skip

WEIGHT = {"name": "m_S", "title": "Weight", "source": "standard", "take": "correction",
          "unit": "mg"}  # fmt: skip
WEIGHT_DRIFT = {"name": "m_D", "title": "Weight: drift", "source": "standard", "take": "drift",
                "unit": "mg"}  # fmt: skip
OFF = {"name": "i", "title": "Deviation", "unit": "mg", "entry": "error"}
WEIGHING = {
    "title": "Error of indication", "unit": "mg", "indication": "i",
    "model": "d_rep + d_L + d_0 + d_ecc - m_S - m_D - d_B",
}  # fmt: skip
BUDGET = [
    {**REPEATED, "unit": "mg", "scatter": "own or given", "single": True,
     "standard_deviation": "s_rep", "degrees_of_freedom": "nu_rep"},
    {"name": "d_L", "title": "Resolution at load", "source": "resolution", "unit": "mg"},
    {"name": "d_0", "symbol": "δ_0", "title": "Resolution at zero", "source": "resolution",
     "unit": "mg"},
    {"name": "d_ecc", "symbol": "δ_ecc", "title": "Eccentricity", "source": "formula",
     "unit": "mg", "width": "ecc*nominal/eccentricity_load",
     "at_least": "eccentricity_allowance*nominal/eccentricity_load"},
    WEIGHT, WEIGHT_DRIFT,
    {"name": "d_B", "symbol": "δ_B", "title": "Air buoyancy", "source": "formula", "unit": "mg",
     "standard_uncertainty": "0.00000025*1000*nominal"},
]  # fmt: skip
BALANCE = {
    "form": "calibra-procedure/1",
    "key": "MP-MAS-01",
    "version": "6",
    "title": "Analytical balances",
    "discipline": "mass",
    "budget": "BUD-MAS-01 v4",
    "parameters": [
        {"name": "resolution", "title": "Step", "unit": "mg"},
        {"name": "points", "title": "Loads", "kind": "list", "unit": "g"},
        {"name": "repeatability_load", "title": "Load of the repeatability", "unit": "g"},
        {"name": "eccentricity_load", "title": "Load of the eccentricity", "unit": "g"},
        {"name": "eccentricity_allowance", "title": "Allowance", "unit": "mg", "default": "0"},
    ],
    "tables": [
        {
            "key": "repeatability", "title": "Repeatability", "function": "mass",
            "blocks": [{"unit": "g", "nominals": ["repeatability_load"], "repeats": "10"}],
            "columns": [OFF], "result": WEIGHING, "inputs": BUDGET,
            "figures": [
                {"name": "s_rep", "title": "s", "take": "s", "column": "i", "unit": "mg"},
                {"name": "nu_rep", "title": "ν", "take": "degrees of freedom", "column": "i"},
            ],
        },
        {
            "key": "linearity", "title": "Linearity", "function": "mass",
            "blocks": [{"unit": "g", "nominals": ["points"]}],
            "columns": [OFF], "result": WEIGHING, "inputs": BUDGET,
        },
        {
            "key": "eccentricity", "title": "Eccentricity", "function": "mass",
            "blocks": [{
                "unit": "g", "nominals": ["eccentricity_load"],
                "positions": ["centre", "front left", "back left", "back right", "front right"],
            }],
            "columns": [OFF],
            "figures": [{"name": "ecc", "title": "Eccentricity", "unit": "mg", "column": "i",
                         "take": "largest difference", "at": "centre"}],
        },
    ],
}  # fmt: skip

MULTIMETER = {
    "form": "calibra-procedure/1",
    "key": "MP-ELE-04",
    "version": "7",
    "title": "Digital multimeters",
    "discipline": "electrical",
    "parameters": [{"name": "ranges", "title": "Ranges", "kind": "records"}],
    "tables": [
        {
            "key": "reading", "title": "Reading",
            "blocks": [{"each": "ranges", "function": "{function}", "range": "{range}",
                        "unit": "{unit}", "nominals": ["points"], "repeats": "5"}],
            "columns": [READ],
            "result": {"title": "Error", "unit": "{unit}", "indication": "i",
                       "model": "d_rep + d_res - v_S - v_D"},
            "inputs": [
                {**REPEATED, "unit": "{unit}"},
                {**STEP, "unit": "{unit}"},
                {"name": "v_S", "title": "Calibrator", "source": "standard", "unit": "{unit}"},
                {"name": "v_D", "title": "Calibrator: drift", "source": "standard",
                 "take": "drift", "unit": "{unit}"},
            ],
        }
    ],
}  # fmt: skip
