-- Encodings whose later bytes may look like ASCII, switched in one script.
\pset border 2
\encoding SJIS
select 'ï\' as "É|", 'xï\É|y' as two;
select 'ï\ï\ï\', nothing;
select $ï\$ it's É| $ï\$ as dollars; /* ï\ */ select 2; -- É|
\echo ï\ 'ï\' "É|" ï\\echo y
\set v ï\
select :'v' as :"v";
select 'cut‡' as x;
';
\pset title 'ï\É|'
select E'ï\\nÉ|' as lines;
\pset title
\encoding SHIFT_JIS_2004
select 'ï\' as "É|", 'xï\É|y' as two;
select 'ï\ï\ï\', nothing;
select $ï\$ it's É| $ï\$ as dollars; /* ï\ */ select 2; -- É|
\echo ï\ 'ï\' "É|" ï\\echo y
\set v ï\
select :'v' as :"v";
select 'cut‡' as x;
';
\pset title 'ï\É|'
select E'ï\\nÉ|' as lines;
\pset title
\encoding BIG5
select '§\' as "≥\", 'x§\≥\y' as two;
select '§\§\§\', nothing;
select $§\$ it's ≥\ $§\$ as dollars; /* §\ */ select 2; -- ≥\
\echo §\ '§\' "≥\" §\\echo y
\set v §\
select :'v' as :"v";
select 'cut§' as x;
';
\pset title '§\≥\'
select E'§\\n≥\' as lines;
\pset title
\encoding GBK
select 'Å\' as "Ç|", 'xÅ\Ç|y' as two;
select 'Å\Å\Å\', nothing;
select $Å\$ it's Ç| $Å\$ as dollars; /* Å\ */ select 2; -- Ç|
\echo Å\ 'Å\' "Ç|" Å\\echo y
\set v Å\
select :'v' as :"v";
select 'cutÙ' as x;
';
\pset title 'Å\Ç|'
select E'Å\\nÇ|' as lines;
\pset title
\encoding UHC
select 'ÅA' as "∞°", 'xÅA∞°y' as two;
select 'ÅAÅAÅA', nothing;
select $ÅA$ it's ∞° $ÅA$ as dollars; /* ÅA */ select 2; -- ∞°
\echo ÅA 'ÅA' "∞°" ÅA\echo y
\set v ÅA
select :'v' as :"v";
select 'cutù' as x;
';
\pset title 'ÅA∞°'
select E'ÅA\n∞°' as lines;
\pset title
\encoding JOHAB
select 'Ÿ|' as "àa", 'xŸ|àay' as two;
select 'Ÿ|Ÿ|Ÿ|', nothing;
select $Ÿ|$ it's àa $Ÿ|$ as dollars; /* Ÿ| */ select 2; -- àa
\echo Ÿ| 'Ÿ|' "àa" Ÿ|\echo y
\set v Ÿ|
select :'v' as :"v";
select 'cutŸ' as x;
';
\pset title 'Ÿ|àa'
select E'Ÿ|\nàa' as lines;
\pset title
\encoding GB18030
select 'Ç9ü7' as "Ç0¬9", 'xÇ9ü7Ç0¬9y' as two;
select 'Ç9ü7Ç9ü7Ç9ü7', nothing;
select $Ç9ü7$ it's Ç0¬9 $Ç9ü7$ as dollars; /* Ç9ü7 */ select 2; -- Ç0¬9
\echo Ç9ü7 'Ç9ü7' "Ç0¬9" Ç9ü7\echo y
\set v Ç9ü7
select :'v' as :"v";
select 'cutÍ' as x;
';
\pset title 'Ç9ü7Ç0¬9'
select E'Ç9ü7\nÇ0¬9' as lines;
\pset title
\encoding GB18030
-- Tags are told apart by their first bytes and lengths.
select $É1Ë0$ x $É4ë0$;
select 3;
\encoding UTF8
select 'done' as utf8;
