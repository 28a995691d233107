import Glibc

/// The account that a private Postgres runs under: this process's, or `postgres` for root, whom the server refuses.
struct Account: Hashable, Sendable {
    let user: uid_t
    let group: gid_t
    /// Whether this process has to become another to run the server.
    let isOther: Bool

    /// - Throws: where root has no account `postgres` to change to.
    static func ofServer() throws(OperatorError) -> Account {
        guard geteuid() == 0 else { return Account(user: geteuid(), group: getegid(), isOther: false) }
        guard let entry = unsafe getpwnam("postgres") else {
            throw OperatorError(
                .usage,
                "Postgres does not run as root, and there is no user \"postgres\" to run it as; install Debian's package postgresql, or run as another user."
            )
        }
        return unsafe Account(user: entry.pointee.pw_uid, group: entry.pointee.pw_gid, isOther: true)
    }

    /// Gives a path to the account.
    func own(_ path: String) throws(FileBytes.Failure) {
        guard isOther else { return }
        guard unsafe chown(path, user, group) == 0 else { throw FileBytes.Failure(code: errno) }
    }

    /// A command line that runs a program under the account, and ends it with `signal` when this process dies. In the outermost directory, since the
    /// account may not be able to enter this process's.
    func command(_ program: String, _ arguments: [String], deathSignal signal: String) -> (program: String, arguments: [String]) {
        var options = ["--pdeathsig", signal]
        if isOther { options += ["--reuid", String(user), "--regid", String(group), "--init-groups"] }
        return ("env", ["--chdir=/", "setpriv"] + options + ["--", program] + arguments)
    }
}
