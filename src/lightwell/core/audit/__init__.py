"""The audit trail: who saw or changed what, in rows that cannot be altered unnoticed.

Rows are written in the transaction of the act (:mod:`record`), chained by a job within ten seconds (:mod:`chain`), and
checked by ``lightwell audit verify`` (:mod:`chain`).
"""
