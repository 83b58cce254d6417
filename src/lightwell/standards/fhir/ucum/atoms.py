"""The units that others are made of, and the prefixes: what a hospital measures in, said in SI units and by law.

Several units have a dimension of their own though UCUM counts them as another one, since nobody may take them for it:
a mole is no mere number, an equivalent of calcium is half a mole, an osmole of salt is half a mole, a sievert is a gray
times what it does, a becquerel is no heart rate.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

UCUM: Final = "http://unitsofmeasure.org"
"""The system of the codes."""
BASES: Final = frozenset(("m", "s", "g", "rad", "K", "C", "cd", "mol", "eq", "osm", "Bq", "Sv", "bit"))
"""What is not made of anything else."""
_LARGER: Final = {"da": 1, "h": 2, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "Z": 21, "Y": 24}
_SMALLER: Final = {"d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24}
PREFIXES: Final = {code: Fraction(10) ** exponent for code, exponent in (_LARGER | _SMALLER).items()}
"""What may stand before a metric unit, and how many that makes of it."""


def _table(lines: str) -> Mapping[str, tuple[str, str]]:
    rows = (line.split() for line in lines.strip().splitlines())
    return {code: (number, unit) for code, number, unit in rows}


METRIC: Final = _table("""
    l       1               dm3
    L       1               dm3
    t       1000            kg
    u       1.66053906660e-24  g
    Hz      1               /s
    N       1               kg.m/s2
    Pa      1               N/m2
    bar     100000          Pa
    J       1               N.m
    W       1               J/s
    eV      1.602176634e-19 J
    A       1               C/s
    V       1               J/C
    F       1               C/V
    Ohm     1               V/A
    S       1               A/V
    Wb      1               V.s
    T       1               Wb/m2
    G       0.0001          T
    H       1               Wb/A
    sr      1               rad2
    lm      1               cd.sr
    lx      1               lm/m2
    Gy      1               J/kg
    RAD     0.01            Gy
    REM     0.01            Sv
    Ci      37000000000     Bq
    R       0.000258        C/kg
    kat     1               mol/s
    U       1               umol/min
    cal     4.184           J
    cal_th  4.184           J
    cal_IT  4.1868          J
    dyn     0.00001         N
    erg     0.0000001       J
    P       0.1             Pa.s
    St      0.0001          m2/s
    m[Hg]   133.3220        kPa
    m[H2O]  9.80665         kPa
    g%      1               g/dL
    By      8               bit
""")
"""Units that take a prefix: so many of another one. Millimetres of mercury are those of UCUM, 133.322 Pa."""

PLAIN: Final = _table("""
    10*       10             1
    10^       10             1
    %         0.01           1
    [ppth]    0.001          1
    [ppm]     0.000001       1
    [ppb]     0.000000001    1
    [pptr]    0.000000000001 1
    [pi]      3.1415926535897932384626433832795028841971693993751058209749445923  1
    min       60             s
    h         60             min
    d         24             h
    wk        7              d
    mo        30.4375        d
    mo_j      30.4375        d
    a         365.25         d
    a_j       365.25         d
    deg       1              [pi].rad/180
    '         1              deg/60
    ''        1              deg/3600
    atm       101325         Pa
    [psi]     9.80665        [lb_av].m/s2/[in_i]2
    [in_i]    0.0254         m
    [ft_i]    0.3048         m
    [yd_i]    0.9144         m
    [mi_i]    1609.344       m
    [lb_av]   453.59237      g
    [oz_av]   28.349523125   g
    [stone_av]  6350.29318   g
    [gr]      0.06479891     g
    [car_m]   0.2            g
    [gal_us]  3.785411784    L
    [qt_us]   0.946352946    L
    [pt_us]   0.473176473    L
    [cup_us]  0.2365882365   L
    [foz_us]  0.0295735295625  L
    [tbs_us]  0.01478676478125  L
    [tsp_us]  1              [foz_us]/6
    [foz_m]   30             mL
    [cup_m]   240            mL
    [tbs_m]   15             mL
    [tsp_m]   5              mL
    [Cal]     4.184          kJ
    [Ch]      1              mm/3
    [diop]    1              /m
    Ao        0.1            nm
    [PRU]     1              mm[Hg].s/mL
    [wood'U]  1              mm[Hg].min/L
    [in_i'Hg]   1            m[Hg].[in_i]/m
    [in_i'H2O]  1            m[H2O].[in_i]/m
    [degR]    5              K/9
    [MET]     3.5            mL/min/kg
""")
"""Units that take none."""
