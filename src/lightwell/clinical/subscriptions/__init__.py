"""Who wants to be told of changes in the record, and is: FHIR subscriptions by rest-hook and WebSocket (R4 2.46).

model        what a subscription asks for
reading      a Subscription as it was written, and what is wrong with it
keeping      begun, turned off, ended, given up
judging      which subscriptions a change is for, by the search that they name
delivering   rest-hooks: one after the other for each subscription, until the other machine has it
pinging      WebSockets: who is bound to which subscription on this node
notifier     the loop that does it all, on each node
"""
