"""The machines under every room: settings, database, transactions, jobs, audit, sign-in, HTTP, network.

Floor: 1
Owns: the schema ``core`` (organisations, accounts, sessions, grants, events, audit)
Door: everything in it is public; import the module that you need
Announces: nothing of its own
Speaks: PostgreSQL, HTTP, TLS, TCP

It knows no noun of a hospital: an *organisation* is whoever owns rows, a *subject* whoever rows are about.
"""
