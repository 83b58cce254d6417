"""Queues: patients check in, wait, and are called to a room, in order and each once.

model       a queue, and somebody's place in it
checking_in who has come: by ADT^A04, or by hand at the counter
calling     the next one, again, passed, back, done
masking     a name as the public board shows it
http        all of that for the counter, the room and the board
"""
