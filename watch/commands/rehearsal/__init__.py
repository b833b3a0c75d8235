"""The plainly invented people of a rehearsal, and what they write; demo, bench and tests share it.

`answers` is what each writes in a form, `course` what they write all along a course, `people` those
who fill and sign in the candidate's, the employer's or the jury's place.
"""
