/// Finds the name that someone most likely meant.
package enum SpellingSuggestion {
    /// The nearest of the candidates: the only one that begins with the word, or the one with the fewest typing slips.
    /// - Returns: nil when nothing is near. Of equally near candidates the first is taken.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        guard word.count >= 2 else { return nil }
        let completions = candidates.filter { $0.hasPrefix(word) }
        if completions.count == 1 { return completions[0] }
        let allowed = max(1, min(word.count, 12) / 3)
        var best: (name: String, distance: Int)?
        for candidate in candidates where abs(candidate.count - word.count) <= allowed {
            let distance = slips(between: Array(word), and: Array(candidate))
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// The least number of inserted, deleted, replaced or swapped neighbouring letters that turns one word into the
    /// other (optimal string alignment: a dynamic programme over prefixes, three rows kept).
    package static func slips(between first: [Character], and second: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...second.count)
        for i in 0..<first.count {
            var current = [i + 1]
            for j in 0..<second.count {
                let replaced = previous[j] + (first[i] == second[j] ? 0 : 1)
                var least = min(replaced, previous[j + 1] + 1, current[j] + 1)
                if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                    least = min(least, beforePrevious[j - 1] + 1)
                }
                current.append(least)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[second.count]
    }
}
