"""FHIR R4 over HTTP (R4 3.1.0), a file for each interaction.

asking        what a request says beside its body: which hospital, which version, what it prefers
answering     resources, bundles and outcomes as they are sent
outcomes      an error as an OperationOutcome
reading       read, vread
history       history of a resource and of a type
changing      create, update, patch, delete: what each asks for becomes a change, and all are written at once
writing       the same, over HTTP
bundles       batch and transaction
capabilities  what is really wired
http          which interaction answers at which address
"""
