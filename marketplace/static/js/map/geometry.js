// Points and boxes on the map.

// The point `km` away in a direction (degrees, 0 north, clockwise); good enough for a label.
export function away(centre, km, bearing) {
  const turn = (bearing * Math.PI) / 180;
  return [centre[0] + (km / 111.2) * Math.cos(turn), centre[1] + ((km / 111.2) * Math.sin(turn)) / Math.cos((centre[0] * Math.PI) / 180)];
}

export function box(corner, width, height) {
  return { left: corner.x, top: corner.y, right: corner.x + width, bottom: corner.y + height };
}

export function around(middle, size) {
  return box({ x: middle.x - size / 2, y: middle.y - size / 2 }, size, size);
}

export function touch(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// The place nearest to where something of that size wishes to be that touches nothing of `taken`, which it joins; none
// when there is none near.
export function freeSpot(home, size, taken) {
  for (let step = 0; step < 120; step += 1) {
    const turn = step * 2.4;
    const spot = home.add([Math.cos(turn) * 8 * Math.sqrt(step), Math.sin(turn) * 8 * Math.sqrt(step)]);
    const room = around(spot, size);
    if (taken.some((other) => touch(other, room))) continue;
    taken.push(room);
    return spot;
  }
  return null;
}
