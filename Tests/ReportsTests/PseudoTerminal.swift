import Foundation
import Testing

/// A terminal whose screen is the test.
final class PseudoTerminal {
    /// The screen's side.
    private(set) var controller: Int32
    /// Where programs find it.
    let path: String

    init() throws {
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>: unlock the pseudo-terminal and ask for its number.
        var locked: Int32 = 0
        var number: Int32 = 0
        try #require(ioctl(controller, 0x4004_5431, &locked) == 0 && ioctl(controller, 0x8004_5430, &number) == 0)
        path = "/dev/pts/\(number)"
    }

    deinit { vanish() }

    /// The window is closed.
    func vanish() {
        if controller >= 0 { close(controller) }
        controller = -1
    }
}
