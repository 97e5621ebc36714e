"""The figures on a car's skin: windows, panels, lamps, grille and wheel arches."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural import cars_finish as finish
from diorama.assets.procedural.cars_body import Body
from diorama.assets.procedural.cars_outline import smooth_max
from diorama.assets.procedural.cars_shell import F64, Bools, Columns, Figure, Shell
from diorama.assets.procedural.cars_spec import Car
from diorama.assets.procedural.solids import Finish

HULL, DOOR, REAR_DOOR, BOOT, BONNET = range(5)
FINISHES: tuple[Finish, ...] = (
    finish.PAINT, finish.GLASS, finish.SEAL, finish.GAP, finish.BOWL, finish.BULB, finish.RED, finish.DARK_RED,
    finish.AMBER, finish.WHITE, finish.PLASTIC, finish.UNDER, finish.CHROME, finish.TRIM,
    finish.SEAM, finish.PANE, finish.STRIPE,
)  # fmt: skip
GAP_WIDTH = 0.008
SEAL_WIDTH = 0.015


def rounded(u: F64, v: F64, half_u: float, half_v: float, radius: float) -> F64:
    """Signed distance to a rectangle about the origin with round corners."""
    a, b = np.abs(u) - half_u + radius, np.abs(v) - half_v + radius
    outside = portable.hypot(np.maximum(a, 0), np.maximum(b, 0))
    return np.asarray(outside + np.minimum(np.maximum(a, b), 0) - radius)


class Skin:
    """The left half of a car's skin in the making."""

    def __init__(self, car: Car, body: Body) -> None:
        self.car, self.body = car, body
        self.shell: Shell = body.shell()
        self.axles = (car.front, car.front + car.wheelbase)

    def cut(self, what: Finish, figure: Figure, level: float = 0.0) -> Bools:
        """Give what lies inside a figure a finish."""
        inside = self.shell.cut(figure, level)
        self.shell.finish[inside] = FINISHES.index(what)
        return inside

    def panel(self, which: int, figure: Figure) -> None:
        """Make what lies inside a figure a panel of its own, with a gap around it."""
        self.shell.cut(figure, GAP_WIDTH / 2)
        inner = self.shell.cut(figure, -GAP_WIDTH / 2)
        outer = self.shell.inside(figure, GAP_WIDTH / 2)
        self.shell.panel[inner] = which
        self.shell.finish[outer & ~inner] = FINISHES.index(finish.SEAM)

    def draw(self) -> None:
        """All figures, later ones over earlier ones."""
        car = self.car
        if any(where == "stripes" for _, _, where in car.two_tone):
            self.cut(finish.STRIPE, lambda p: np.maximum(np.abs(np.abs(p.x) - 0.19) - 0.11, 0.3 * (0.3 - p.ny)))
        if car.cladding:
            self.cut(finish.PLASTIC, lambda p: np.minimum(p.y - car.cladding, self.arch(p) - car.lip))
        elif car.lip:
            self.cut(finish.PLASTIC, lambda p: self.arch(p) - car.lip)
        self.cut(finish.UNDER, lambda p: np.maximum(p.ny + 0.7, p.y - car.clearance - 0.1))
        if not car.bumpers:
            self._bumpers()
        self._glass()
        self._front()
        self._rear()
        self._panels()
        for pit in car.pits:
            self.shell.drop(self.shell.cut(self.pit(pit)))
        self.shell.drop(self.shell.cut(self._wheel_house))

    def arch(self, p: Columns) -> F64:
        """Distance to the nearer wheel arch, in the side view."""
        y = self.car.wheel / 2
        d = np.minimum(*(portable.hypot(p.s - axle, p.y - y) for axle in self.axles)) - self.car.arch
        return np.asarray(np.maximum(d, 0.35 * self.car.width / 2 - p.x))

    def _wheel_house(self, p: Columns) -> F64:
        return np.maximum(self.arch(p), self.house - p.x)

    @property
    def house(self) -> float:
        """x of the wheel houses' inner walls."""
        return self.car.width / 2 - self.car.tyre - 0.13

    def _glass(self) -> None:
        car = self.car
        side = self._side_glass
        trim = finish.CHROME if car.shiny else finish.SEAL
        for figure in () if car.open else (side, *self._screens()):
            self.cut(trim if figure is side else finish.SEAL, figure, SEAL_WIDTH)
            self.cut(finish.GLASS, figure)
            self.cut(finish.PANE, self._seats(figure))

    def _side_glass(self, p: Columns) -> F64:
        car = self.car
        whole = smooth_max(p.roof + car.rail, p.belt + 0.015 - p.y, 0.06)
        panes = np.full(len(p.s), np.inf)
        edges = [*car.doors[1:-1], *(b for _, b, _ in car.side_glass[:-1])]
        for first, last, lean in car.side_glass:
            rear = p.s - last - lean * (p.y - p.belt)
            panes = np.minimum(panes, np.maximum(max(first, car.doors[0] + 0.02) - p.s, rear))
        whole = smooth_max(whole, panes, 0.08)
        for edge in edges:
            whole = np.maximum(whole, car.pillar / 2 - np.abs(p.s - edge + 0.08 * (p.y - p.belt)))
        return np.maximum(whole, 0.3 * (0.55 - p.nx))

    def _seats(self, pane: Figure) -> Figure:
        """Seats and their head rests behind a pane, from the side or from an end."""
        car = self.car
        first = 0.5 * (car.doors[0] + car.doors[1]) + 0.40
        wide = 0.5 * car.room + 0.06

        def figure(p: Columns) -> F64:
            up = p.y - p.belt
            seats = np.full(len(p.s), np.inf)
            for s in (first, first + 0.85)[: 2 if len(car.doors) > 2 else 1]:
                along = p.s - s - 0.30 * up
                back = rounded(along, up + 0.05, 0.085, 0.20, 0.06)
                head = rounded(along + 0.01, up - 0.25, 0.065, 0.085, 0.05)
                seats = np.minimum(seats, np.minimum(back, head))
            side = np.abs(np.abs(p.x) - wide)
            ends = np.minimum(rounded(side, up + 0.02, 0.21, 0.19, 0.10), rounded(side, up - 0.25, 0.11, 0.07, 0.05))
            return np.maximum(pane(p) + 0.004, np.where(p.nx > 0.6, seats, ends))

        return figure

    def _screens(self) -> list[Figure]:
        """Windscreen and rear screen: between their foot, where they leave the hull, and the roof."""
        car = self.car
        screens = []
        ends = [(car.cabin[0], car.cabin[1], -1.0, 0.045, 0.075)]
        if car.rear_glass:
            ends.append((car.cabin[-1], car.cabin[-2], 1.0, car.rear_glass[1], car.rear_glass[0]))
        for foot, head, way, low, high in ends:
            start = np.array(foot[:2])
            along = np.array(head[:2]) - start
            length = float(portable.hypot(*along))
            along /= length
            t = np.linspace(0, length, 60)
            line = start + t[:, None] * along
            hidden = self.body.hull_at(line[:, 0], line[:, 1]) < 0.02
            first = float(t[hidden].max(initial=0.0)) + low
            screens.append(self._screen(start, along, first, length - high, way))
        return screens

    def _screen(self, start: F64, along: F64, first: float, last: float, way: float) -> Figure:
        def figure(p: Columns) -> F64:
            t = (p.s - start[0]) * along[0] + (p.y - start[1]) * along[1]
            across = np.abs(p.x) - p.half + 0.075
            whole = smooth_max(np.maximum(first - t, t - last), across, 0.10)
            return np.maximum(whole, np.maximum(0.3 * (0.12 + way * p.nz), 0.03 - p.hull))

        return figure

    def _bumpers(self) -> None:
        """Bumpers in the car's colour end in a line beneath the lamps; what is below them is not painted."""
        car = self.car
        ends = [(car.lamps[0], 0.0, self.axles[0]), (car.tails[0], car.length, self.axles[1])]
        for lamp, end, axle in ends:
            low = max(lamp[1] - lamp[3] - 0.03, car.clearance + 0.25)
            if end and car.boot:
                low = car.boot[1] - 0.015
            reach = abs(axle - end) - 0.8 * car.arch

            def figure(p: Columns, end: float = end, low: float = low, reach: float = reach) -> F64:
                return smooth_max(np.abs(p.s - end) - reach, p.y - low, 0.03)

            self.panel(HULL, figure)
        lip = car.clearance + 0.10
        self.cut(finish.PLASTIC, lambda p: np.maximum(p.y - lip, 0.3 * (p.nz + 0.35)))

    def _front(self) -> None:
        car = self.car
        for half, low, high, taper in (car.intake, car.grille):
            if not half:
                continue
            middle, tall = (low + high) / 2, (high - low) / 2

            def figure(
                p: Columns, half: float = half, tall: float = tall, middle: float = middle, taper: float = taper
            ) -> F64:
                width = half + taper * (p.y - middle) / tall
                box = smooth_max(np.abs(p.x) - width, np.abs(p.y - middle) - tall, 0.05)
                return np.maximum(box, 0.3 * (0.2 - p.nz))

            if car.bars[2] and (half, low, high, taper) == car.grille:
                self.cut(finish.CHROME, figure, 0.018)
            self.cut(finish.GAP, figure)
        for lamp in car.lamps:
            self._lamp(lamp, 1.0)

    def _rear(self) -> None:
        for lamp in self.car.tails:
            self._lamp(lamp, -1.0)

    def _lamp(self, lamp: tuple[float, float, float, float, float, str], way: float) -> None:
        car = self.car
        x, y, half_x, half_y, tilt, kind = lamp
        c, s = portable.cos(np.radians(tilt)), portable.sin(np.radians(tilt))

        z = way * abs(float(self.body.front(x, y, back=way < 0)))

        def place(p: Columns) -> tuple[F64, F64]:
            return (p.x - x) * c + (p.y - y) * s, (p.y - y) * c - (p.x - x) * s

        def outline(p: Columns) -> F64:
            u, v = place(p)
            if kind == "round":  # as it lies on the skin, not as it is seen from the end
                shape = portable.hypot(portable.hypot(u, v), p.z - z) - half_y
            else:
                outer = np.where(u > 0, 0.0 if x + half_x > 0.8 * car.width / 2 else u, u)
                shape = rounded(outer, v + 0.25 * half_y * u / half_x, half_x, half_y, 0.45 * half_y)
            end = p.s if way > 0 else car.length - p.s
            return np.maximum(shape, np.maximum(end - car.lamp_depth, 0.3 * (-0.25 - way * p.nz)))

        def circle(u0: float, v0: float, radius: float) -> Figure:
            def figure(p: Columns) -> F64:
                u, v = place(p)
                deep = p.z - z if kind == "round" else 0.0
                return np.maximum(portable.hypot(portable.hypot(u - u0, v - v0), deep) - radius, outline(p) + 0.012)

            return figure

        if kind == "fog":
            self.cut(finish.SEAL, outline)
            self.cut(finish.BOWL, circle(0, 0, half_y * 0.62))
            return
        ring = finish.CHROME if kind == "round" or car.shiny else finish.SEAL
        self.cut(ring, outline, 0.009)
        if way > 0:
            self.cut(finish.BOWL, outline)
            if kind == "round":
                self.cut(finish.BULB, circle(0, 0, half_y * 0.55))
                return
            self.cut(finish.SEAL, lambda p: np.maximum(outline(p) + 0.010, place(p)[1] + 0.55 * half_y))
            for u0 in (-0.35 * half_x, 0.35 * half_x) if half_x > 1.6 * half_y else (0.0,):
                self.cut(finish.SEAL, circle(u0, 0, half_y * 0.72))
                self.cut(finish.BULB, circle(u0, 0, half_y * 0.55))
            if kind == "amber":
                self.cut(finish.AMBER, lambda p: np.maximum(outline(p) + 0.008, car.lamp_depth - 0.13 - p.s))
            return
        self.cut(finish.RED, outline)
        if kind == "round":
            self.cut(finish.DARK_RED, circle(0, 0, half_y * 0.5))
            return
        tall = half_y > half_x

        def band(p: Columns) -> F64:
            across = place(p)[1] if tall else place(p)[0]
            reach = half_y if tall else half_x
            return np.maximum(outline(p) + 0.01, np.abs(across + 0.35 * reach) - 0.2 * reach)

        self.cut(finish.WHITE, band)
        self.cut(finish.DARK_RED, lambda p: np.maximum(outline(p) + 0.008, 0.5 * half_x - place(p)[0]))

    def _panels(self) -> None:
        car = self.car
        for k, (first, last) in enumerate(zip(car.doors[:-1], car.doors[1:], strict=True)):
            self.panel(DOOR if k == 0 else REAR_DOOR, self.door(first, last))
        if car.boot:
            self.panel(BOOT, self.boot)
        self.panel(BONNET, self._bonnet)

    def door(self, first: float, last: float) -> Figure:
        """A side door between two places behind the nose."""
        car = self.car

        def figure(p: Columns) -> F64:
            above = p.roof + 0.032
            top = above if car.open else np.where(p.y > p.belt, above, above - 5 * (p.belt - p.y))
            if car.open:
                top = p.y - p.belt - 1.0
            lean = 0.08 * np.maximum(p.y - p.belt, 0)
            box = smooth_max(np.maximum(first - p.s, p.s + lean - last), car.sill - p.y, 0.10)
            figure = np.maximum(smooth_max(box, top, 0.05), 0.05 - self.arch(p))
            return np.maximum(figure, 0.3 * (0.42 - p.nx))

        return figure

    def boot(self, p: Columns) -> F64:
        """The boot's lid or the tailgate."""
        car = self.car
        assert car.boot is not None
        first, low = car.boot
        across = np.abs(p.x) - p.half + 0.06 + 0.04 * (p.y < p.belt)
        return smooth_max(np.maximum(first - p.s, 0.3 * (-0.3 - p.ny)), np.maximum(low - p.y, across), 0.05)

    def _bonnet(self, p: Columns) -> F64:
        car = self.car
        across = np.abs(p.x) - p.half + 0.085
        along = np.maximum(
            car.bonnet[0] + 0.25 * (p.x / car.width * 2) ** 2 - p.s,
            p.s - car.bonnet[1] - 0.1 * (2 * p.x / car.width) ** 2,
        )
        return smooth_max(np.maximum(along, 0.3 * (0.35 - p.ny)), across, 0.08)

    @staticmethod
    def pit(pit: tuple[float, float, float, float]) -> Figure:
        """A cockpit or a load bed, seen from above."""
        first, last, rim, floor = pit

        def figure(p: Columns) -> F64:
            box = smooth_max(np.maximum(first - p.s, p.s - last), np.abs(p.x) - p.half + rim, 0.10)
            return np.maximum(box, np.maximum(0.3 * (0.3 - p.ny), floor + 0.1 - p.y))

        return figure
