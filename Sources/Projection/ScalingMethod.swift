/// How the work grows with the ranks.
package enum ScalingMethod: Sendable, Hashable {
    /// The same global batch for all, of so many images.
    case strong(globalBatch: Int)
    /// So many images for each rank.
    case weak(imagesPerRank: Int)

    /// The images of a step on some ranks.
    package func globalBatch(ranks: Int) -> Int {
        switch self {
        case .strong(let batch): batch
        case .weak(let images): images * ranks
        }
    }

    /// In words.
    package var words: String {
        switch self {
        case .strong(let batch): "strong, \(batch) images a step"
        case .weak(let images): "weak, \(images) images a rank"
        }
    }
}
