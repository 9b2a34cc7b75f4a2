-- One row, another with each opening: by it a file that was written over is told from the one that was opened. It has a
-- table of its own because nothing else may ever be written on its page: what is read there comes from the file and not
-- from the log of what was written since.
CREATE TABLE this_run (token TEXT NOT NULL);
