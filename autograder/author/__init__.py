"""The author's room: lesson text -> executed, solved edition -> learner edition."""
