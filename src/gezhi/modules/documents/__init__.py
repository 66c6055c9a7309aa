"""Documents: what is printed or handed on as a file. PDF by typst, DOCX by docxtpl, XLSX by xlsxwriter."""
