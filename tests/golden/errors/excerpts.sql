-- Error positions among tabs, wide and combining characters, control characters and line ends of
-- every kind (made by a random generator).
select '한
	qqqqqqqé	​a字字
qqq
ｱｱqqqqqqqqqqq​qqqqq漢qqqqqaxyza​qqqqqqaｱqqq́한xyzqqqqqqqq漢xyz字😀b qqqqqqqqq​qqqqqqqqqqq́b 漢	qqqqq­qqqqqqq字', nocol, '​字éqqqqqqq한qqqqqb ́😀字́😀한­
	qq한xyz字
	́';
select /**/ nocol /*字*/;
do $x$ begin perform '漢qqb xyz' || nocol || '한qqqqqq

한'; end $x$;
select '	qqqqqqqq😀­한​
a漢​

qqqqqqqqqqq字😀é😀​qqqqqqqqéé😀qqqqqqqqq
		qqéa漢qqqq	aｱxyz­éb qqqxyzaxyzb q	', nocol, '

qqqqqqqqq字qqq	';
select /**/ nocol /*	漢q😀qqqqqqqqqq😀éqqqqqqqq😀*/;
do $x$ begin perform '한漢xyz' || nocol || ''; end $x$;
select '', nocol, '';
select /*ééqqqqqqqq​qq

	qqqqqqqqqqｱqqqqqqqqqéqqqqqqqqq​한­b 字b qqq­­ｱqq​́qqé한a漢qqqqqqqqqq字qqqqqqqqqqqé한한qqqqqqqqqqq

qqqｱ­qqqqqqqqqqb qqqqqqqq	qqqqqqqéb qqqqqqb 
qqqqqqqqｱ*/ nocol /**/;
do $x$ begin perform 'xyzxyza­漢😀éqqqq' || nocol || '漢xyz
qqqqqqqb 한éa漢áqqqqqqéqqxyzaaqqqqqqｱ字字­'; end $x$;
select '', nocol, 'éqqqqqqqqqq
	aqqqqqqｱé​ｱ';
select /*éb 漢qqqb qqqqqq😀éxyzaqqqqqqqqq字ab 한ｱq한­́b 😀ｱ	qqqqqqqqaｱ​한q😀xyz­xyz­éé😀字	xyzqqqqqqqxyz​*/ nocol /**/;
do $x$ begin perform '	qq	é' || nocol || '	ｱqqqqqxyzqqqqqqqq'; end $x$;
select '	
é😀qqqqqqq
😀xyzé­qqqqqq́­​aaqqqqqqqq​ｱqqqqqqqxyz', nocol, '';
select /*­
	a*/ nocol /*­字ｱqqqqqq漢	xyzqqqqqq­aééqqqqq
qqqqqq漢ｱqqqqqqqqxyzq한漢qqqqqqqq​qqqqqqqb qqq*/;
do $x$ begin perform 'ééqqqqqqa	한​字qqq​qqqqqqqq한한ｱxyzqqéqqqq漢aé漢한' || nocol || ''; end $x$;
select 'a	xyzqqqqqqqqqqqxyźqqqq😀qqqqqｱｱxyz​qq字한́ｱ­éq­', nocol, 'xyz	😀b 字́qqqqq😀qqqqqqqqqqq­qqqqb ­qqqqqq­qqqqqqqqq	한	qqq	qqqqqqqqqq­qqqq­qqqqqqqq
ｱxyz́qqqqqqqqqqq	qqq	éq́字😀한	😀😀qqqqqq한ｱa­é';
select /*aqqqqqqqb 	字​éｱ한	́­ｱqqqqqqqaｱqqqqqqq
ｱqqqqq字b ​	ｱqqqqqqqaqqqqqqqq́­́b qqqqqqqq
­😀qqqqqqqq­é
	́*/ nocol /*é字aqqqqxyzxyz	qqqqqéb 	xyzqqqqqqqqｱ́é😀qqqqqq	qqqqqqqqqq
한	b b */;
do $x$ begin perform '한​xyz😀	qqqqqqq😀q' || nocol || 'b q😀qqqqqqqqqq­é
	xyzqqqqé

́qqqqqqqqqqq­qqqqqqqqqq́qqqqqqqqｱa😀qqqqq字ｱｱqqqqqqqqqqqqqqｱqqqqqqqqqqqé한字​qqqqqqqqqqq
éｱ😀axyzéa​ｱ😀'; end $x$;
select '', nocol, 'éxyzqqqｱqqqqqqqqqqq字qqqqqqqqqqqqqqqq́qq	
字́éqqqqqqqｱaaqqqqqqqqqqq​한éqqq



​́한字éb qqqééa漢xyz字éé';
select /*éqqqqqqqqq*/ nocol /*́qqqqé*/;
do $x$ begin perform '­qqqqqéqq😀
	b q😀é
​qqqq​a漢漢qqqqqqaqqqqqqqqéé' || nocol || 'ｱ한qqqqqqqqqqq	ééxyzqqqqqqqqq😀b qqqqqqqq漢qqq­qqqqqqq

qqqqqqqéqqqq한b 字­­字
ｱｱb é́ééqqqqqqqqqq😀qqｱ́aｱqqéa'; end $x$;
select '­	字qqq字qqqqqqq​́😀éqxyz	

한́qqqqqqqqｱ	xyzé漢aqqqqqqqqéqq­b 字é­qqqqqqqqqqqaqqqqqqqqqqq漢­​qxyzxyzqqqqqqq한ｱ😀qqqqqqqqqqq', nocol, '​qqqqqqqqq漢ｱaxyzb a	a​	́qqqqqqqqqｱqqq
​́aqqqqqqqq漢qqqq';
select /*	ｱ한qqqqqq*/ nocol /*éqqqqqqqqqq
	qqqq	*/;
do $x$ begin perform '' || nocol || ''; end $x$;
