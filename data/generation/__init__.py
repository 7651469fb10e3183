"""Makes the invented alliances of data/alliances/ from seeds. Every name, place, person, organisation and event in them is invented.

Which file answers what: `files` how tables reach disk the same every time; `forms` how an XLSForm is written; `exports` what a
Kobo export looks like and how real ones are dirty; `registers` outcomes, partners and stories; one file per alliance says who is in
it. Nothing here imports `mel`, so that what is true is known without the library that is to find it; the one exception, at the
end, is the workbook form of an alliance, which the library itself writes.
"""
