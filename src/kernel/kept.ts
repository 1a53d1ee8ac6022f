/** What is costly to make and always comes out alike, made once for each key. Bounded: when it is full it begins anew. */
export function kept<K, V>(most: number, make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const before = made.get(key);
    if (before !== undefined) return before;
    const value = make(key);
    if (made.size >= most) made.clear();
    made.set(key, value);
    return value;
  };
}
