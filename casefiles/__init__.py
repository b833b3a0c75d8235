"""The domain: certification, answers, case, session, register, rules, journal, store."""
