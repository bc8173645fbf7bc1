import Foundation

/// How the process's memory goes back to the machine.
enum LargeBlocks {
    /// Has free blocks of 4 MiB and more given back at once, from now on; where the C library has no say in it, nothing.
    ///
    /// Left to itself it keeps blocks of up to 32 MiB for the next of their size: with records of 16 MiB a pipeline took 330 MB, of which
    /// 165 were in use, and takes 190 so.
    static let areGivenBack: Void = {
        #if os(Linux)
            typealias Set = @convention(c) (Int32, Int32) -> Int32
            // The C library's module doesn't have this function; musl's library hasn't either.
            guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "mallopt") else { return }
            // M_MMAP_THRESHOLD
            _ = unsafeBitCast(symbol, to: Set.self)(-3, 4 << 20)
        #endif
    }()
}
